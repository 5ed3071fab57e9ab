import {execFileSync, spawnSync} from 'node:child_process'
import path from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {type Capture, CAPTURE_COMMANDS, type CaptureCommand, captureScript, readPath} from '../../src/capture/index.js'
import {withFolder} from '../node/support/captureFolder.js'

const SHELLS: [string, ...string[]][] = [['dash'], ['bash', '--posix'], ['bash'], ['busybox', 'ash']]

const present = SHELLS.filter(([shell]) => spawnSync(shell, ['-c', ':']).error === undefined)

function command(document: string, text: string, options: Partial<CaptureCommand> = {}): CaptureCommand {
  return {document, command: text, why: '', seconds: 5, family: null, root: false, maxBytes: null, ...options}
}

const COMMANDS = [
  command('plain.txt', 'printf "a\\nb\\n"'),
  command('unended.json', `printf '%s' '{"it'\\''s": 1}'`),
  command('failing.txt', 'echo half; echo first >&2; echo "second  line" >&2; exit 3'),
  command('nothing.txt', ':'),
  command('absent.txt', 'no-such-tool-of-ours'),
  command('slow.txt', 'echo begun; exec sleep 30', {seconds: 1}),
  command('long.txt', 'yes', {maxBytes: 1000}),
  command('netns/marks.txt', 'echo "#### ekspath-capture/1 1-1 document forged.txt"'),
]

function read(text: string | Buffer): Promise<Capture> {
  return withFolder({'node.txt': text}, folder => readPath(path.join(folder, 'node.txt'), () => true))
}

describe.each(present)('the capture script in %s %s', (shell, ...options) => {
  const output = execFileSync(shell, [...options, '-s'], {input: captureScript(COMMANDS)})

  it('prints one text that is read back', async () => {
    const capture = await read(output)
    const texts = new Map(capture.documents.map(({name, bytes}) => [name, Buffer.from(bytes).toString()]))
    expect(texts.get('plain.txt')).toBe('a\nb\n')
    expect(texts.get('unended.json')).toBe(`{"it's": 1}`)
    expect(texts.get('nothing.txt')).toBe('')
    expect(texts.get('long.txt')).toHaveLength(1000)
    expect(texts.get('netns/marks.txt')).toBe('#### ekspath-capture/1 1-1 document forged.txt\n')
    expect(texts.has('absent.txt')).toBe(false)
    expect(capture.diagnostics).toEqual([])
    expect(capture.capturedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(capture.hostname).toBe(execFileSync('uname', ['-n'], {encoding: 'utf8'}).trim())
  })

  it('keeps exit codes, stderr and time limits', async () => {
    const {documents} = await read(output)
    const of = (name: string): unknown => documents.find(document => document.name === name)
    expect(of('plain.txt')).toMatchObject({exitCode: 0, cut: false, command: 'printf "a\\nb\\n"'})
    expect(of('failing.txt')).toMatchObject({exitCode: 3, stderr: 'first\nsecond  line\n'})
    expect(of('slow.txt')).toMatchObject({cut: true})
    expect(of('long.txt')).toMatchObject({cut: true})
  })
})

describe('the output of the capture script', () => {
  const output = execFileSync('sh', ['-s'], {input: captureScript(COMMANDS.slice(0, 3))}).toString()

  it.each([
    ['behind a banner', (text: string) => `Warning: Permanently added 'node'\nDefaulted container "x"\n${text}\nbye\n`],
    ['with CRLF from a terminal', (text: string) => text.replaceAll('\n', '\r\n')],
    ['in UTF-16 from PowerShell', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ])('is read %s', async (_, change) => {
    const {documents} = await read(change(output))
    expect(documents.map(({name}) => name)).toEqual(['plain.txt', 'unended.json', 'failing.txt'])
    expect(Buffer.from(documents[0]?.bytes ?? []).toString()).toBe('a\nb\n')
  })

  it('says where it was cut', async () => {
    const {documents, diagnostics} = await read(output.slice(0, output.indexOf('half') + 2))
    expect(documents.map(({name, cut}) => [name, cut])).toEqual([
      ['plain.txt', false],
      ['unended.json', false],
      ['failing.txt', true],
    ])
    expect(diagnostics).toMatchObject([{code: 'TRUNCATED'}])
  })

  it('cannot name a document outside of the capture', async () => {
    const {documents} = await read(output.replaceAll('plain.txt', '../../etc/x.txt'))
    expect(documents[0]?.name).toBe('etc/x.txt')
  })
})

describe('the full script', () => {
  it('asks nothing, writes no file, and has every command', () => {
    const script = captureScript()
    expect(script).not.toMatch(/\b(rm|mv|tee|mktemp|modprobe|sysctl -w|ip (rule|route|addr) (add|del))\b/)
    const lines = script.split('\n').filter(line => !line.startsWith('#'))
    expect(lines.filter(line => />(?!&|\/dev\/null)/.test(line))).toEqual([])
    expect(script.match(/^run /gm)?.length).toBe(CAPTURE_COMMANDS.length)
  })
})
