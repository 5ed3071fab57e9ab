import {PassThrough} from 'node:stream'
import {answerLines} from '../../src/cli/bulk.js'
import {exitCodeOf} from '../../src/cli/exitCode.js'
import {toFailure} from '../../src/cli/failure.js'
import {editDistance, nearest} from '../../src/explain/flow/nearest.js'
import {pageOf} from '../../src/cli/page.js'
import {UsageError} from '../../src/cli/usageError.js'
import {colourStyle, plainStyle, renderFailure} from '../../src/render/index.js'
import {dnsReport} from '../render/samples/dns.js'
import {droppedReport, rejectedReport, undeterminedReport} from '../render/samples/lost.js'

describe('exitCodeOf', () => {
  it('says whether everything arrives', () => {
    expect(exitCodeOf(dnsReport)).toBe(0)
    expect(exitCodeOf(droppedReport)).toBe(1)
    expect(exitCodeOf(rejectedReport)).toBe(1)
    expect(exitCodeOf(undeterminedReport)).toBe(3)
  })

  it('prefers what is certain to what is not', () => {
    const explanations = [...undeterminedReport.explanations, ...droppedReport.explanations]
    expect(exitCodeOf({explanations})).toBe(1)
  })
})

describe('toFailure', () => {
  const flags = ['src', 'dst', 'from', 'format']
  const named = (name: string) => Object.assign(new Error('text'), {name})
  it.each([
    [new UsageError('text'), 2],
    [named('FlowError'), 2],
    [named('InputError'), 3],
    [named('CollectionError'), 4],
    [new TypeError('x is not a function'), 70],
    ['a string', 70],
  ])('%p ends with %i', (error, exitCode) => {
    expect(toFailure(error, flags).exitCode).toBe(exitCode)
  })

  it('names the flag that was meant', () => {
    const error = Object.assign(new Error('Nonexistent flag: --form\nSee more help with --help'), {oclif: {exit: 2}})
    expect(toFailure(error, flags)).toMatchObject({
      exitCode: 2,
      message: 'There is no flag --form. Did you mean --from or --format? --help lists all flags.',
    })
  })

  it('keeps the next steps of an error', () => {
    expect(toFailure(Object.assign(named('InputError'), {nextSteps: ['do this']}), flags).nextSteps).toEqual([
      'do this',
    ])
  })
})

describe('renderFailure', () => {
  it('is one paragraph that fits, with what to do below', () => {
    const text = renderFailure('a\u001b[31m message of a few words', ['one thing'], undefined, 30)
    expect(text).toBe('ekspath: a\\u{1b}[31m message\n         of a few words\n         one thing\n')
  })
})

describe('nearest', () => {
  it.each([
    ['', '', 0],
    ['abc', 'abc', 0],
    ['abc', 'acb', 1],
    ['kitten', 'sitting', 3],
  ])('%s and %s are %i apart', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance)
    expect(editDistance(b, a)).toBe(distance)
  })

  it('names none where none is close', () => {
    expect(nearest('zzzzzz', ['from', 'format'])).toEqual([])
  })
})

describe('pageOf', () => {
  const terminal = {isTTY: true, columns: 80}
  it.each([
    [terminal, {}, undefined, true],
    [terminal, {NO_COLOR: '1'}, undefined, false],
    [terminal, {NO_COLOR: ''}, undefined, true],
    [terminal, {TERM: 'dumb'}, undefined, false],
    [terminal, {}, false, false],
    [{}, {}, undefined, false],
    [{}, {FORCE_COLOR: '1'}, undefined, true],
    [{}, {FORCE_COLOR: '1'}, false, false],
    [{}, {}, true, true],
    [terminal, {FORCE_COLOR: '0'}, undefined, false],
  ])('%j %j %p', (stream, environment, flag, coloured) => {
    expect(pageOf(stream, environment, flag).style).toBe(coloured ? colourStyle : plainStyle)
  })

  it('takes the width of a terminal, and 100 of a pipe', () => {
    expect(pageOf(terminal, {}, undefined).width).toBe(80)
    expect(pageOf({}, {}, undefined).width).toBe(100)
    expect(pageOf({isTTY: true, columns: 7}, {}, undefined).width).toBe(40)
  })
})

describe('answerLines', () => {
  async function run(chunks: readonly (string | Buffer)[]): Promise<string> {
    const output = new PassThrough()
    async function* input() {
      for (const chunk of chunks) yield await Promise.resolve(chunk)
    }
    const written = output.toArray()
    await answerLines(input(), output, lines => line => lines.text(`<${line}>\n`))
    output.end()
    return (await written).join('')
  }

  it('answers line for line, whatever the chunks', async () => {
    expect(await run(['a\nb', 'c\n\n', 'd'])).toBe('<a>\n<bc>\n<d>\n')
  })

  it('does not cut a character in two', async () => {
    const bytes = Buffer.from('日\n本')
    expect(await run([bytes.subarray(0, 1), bytes.subarray(1, 5), bytes.subarray(5)])).toBe('<日>\n<本>\n')
  })

  it('answers nothing to nothing', async () => {
    expect(await run([])).toBe('')
  })

  it('leaves what it has written as it is', async () => {
    const long = ['a', 'b', 'c', 'd'].map(letter => letter.repeat(200_000))
    expect(await run([long.join('\n')])).toBe(long.map(line => `<${line}>\n`).join(''))
  })
})
