import {digestCapture, renderExplainMarkdown} from '../../src/render/index.js'
import {codeBlock, escapeMarkdown, inlineCode} from '../../src/render/markdown/escape.js'
import {expectGolden} from '../support/golden.js'
import {dnsReport} from './samples/dns.js'
import {samples} from './samples/index.js'

describe('renderExplainMarkdown', () => {
  it.each(samples)('%s looks as agreed', (name, report) => {
    expectGolden(`markdown/${name}.md`, renderExplainMarkdown(report))
  })

  it('gives the same bytes for the same report', () => {
    expect(renderExplainMarkdown(structuredClone(dnsReport))).toBe(renderExplainMarkdown(dnsReport))
  })

  it('opens as many folds as it closes', () => {
    for (const [, report] of samples) {
      const text = renderExplainMarkdown(report)
      expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length)
    }
  })

  it('gives every row of a table as many cells as its head has', () => {
    for (const [, report] of samples) {
      const rows = renderExplainMarkdown(report)
        .split('\n')
        .filter(line => line.startsWith('| '))
      let columns = 0
      for (const [i, row] of rows.entries()) {
        const cells = row.split(' | ').length
        if (/^\| (#|document) /.test(row)) columns = cells
        expect([i, cells]).toEqual([i, columns])
      }
    }
  })
})

describe('escapeMarkdown', () => {
  it.each([
    ['a|b', 'a&#124;b'],
    ['<img src=x>', '&#60;img src=x&#62;'],
    ['`code`', '&#96;code&#96;'],
    ['@team #12', '&#64;team &#35;12'],
    ['http://x', 'http&#58;//x'],
    ['\u202e', '&#92;u{202e}'],
  ])('%j', (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped)
  })
})

describe('inlineCode', () => {
  it('falls back to literal text where a cell cannot hold code', () => {
    expect(inlineCode('a.txt:1')).toBe('`a.txt:1`')
    expect(inlineCode('a|b')).toBe('a&#124;b')
  })
})

describe('codeBlock', () => {
  it('has a fence that its text cannot close', () => {
    expect(codeBlock(['```', '````'])).toEqual(['`````text', '```', '````', '`````'])
  })
})

describe('digestCapture', () => {
  it('does not depend on the order of the documents', () => {
    const {capture} = dnsReport
    expect(digestCapture({...capture, documents: [...capture.documents].reverse()})).toBe(digestCapture(capture))
  })

  it('is what sha256sum says of its own listing', () => {
    const documents = [{name: 'a', command: null, sha256: 'ab'.repeat(32), bytes: 1}]
    // printf 'abab…ab  a\n' | sha256sum
    expect(digestCapture({source: '', documents, missing: []})).toBe(
      '08f3cc0ae84794a8a7646cb70f6c3b473e85d1512da35eaab81accba5c29487e',
    )
  })
})
