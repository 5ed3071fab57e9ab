import {readFileSync} from 'node:fs'
import {describe, expect, it} from '@jest/globals'
import {decodeText} from '../../../src/capture/index.js'
import {repairText} from '../../../src/node/repair/repairText.js'
import {captureFolder} from '../support/captureFolder.js'

const SAVE = readFileSync('fixtures/net410/iptables-save.txt', 'utf8')

function wrap(text: string, width: number): string {
  return text.replace(new RegExp(`(.{${width}})(?=.)`, 'g'), '$1\n')
}

/** What a clipboard, a terminal or a program makes of a save. */
const DAMAGES: readonly (readonly [string, (text: string) => string | Buffer])[] = [
  ['CRLF line ends', text => text.replaceAll('\n', '\r\n')],
  ['a byte order mark', text => `\ufeff${text}`],
  ['UTF-16', text => Buffer.from(text, 'utf16le')],
  ['UTF-16', text => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ['HTML entities', text => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('>', '&gt;')],
  ['typographic quotes and dashes', text => text.replaceAll('"', '\u201c')],
  ['typographic quotes and dashes', text => text.replace(/ --(?=\w)/g, ' \u2014')],
  ['an indentation of every line', text => text.replace(/^(?=.)/gm, '    ')],
  ['an indentation of every line', text => text.replace(/^(?=.)/gm, '> ')],
  ['Markdown fences', text => `\`\`\`console\n${text}\`\`\`\n`],
  ['notices of ssh or kubectl', text => `Defaulted container "aws-node" out of: aws-node, x (init)\n${text}`],
  [
    'notices of ssh or kubectl',
    text => `   ,     #_\n   ~\\_  ####_        Amazon Linux 2023\n  ~~  \\_#####\\\n${text}`,
  ],
  ['the prompts of a pager', text => text.replace(/((?:.*\n){20})/g, '$1--More--(9%)\b\b\b\b      \u001b[K\n')],
  ['lines broken at the width of a terminal', text => wrap(text, 80)],
  ['lines broken at the width of a terminal', text => wrap(text, 132)],
]

describe('a save that went through other hands', () => {
  it.each(DAMAGES)('is read after undoing %s', async (name, damage) => {
    const [whole, repaired] = await Promise.all([
      captureFolder({'iptables-save.txt': SAVE}),
      captureFolder({'iptables-save.txt': damage(SAVE)}),
    ])
    const rules = (node: typeof whole): unknown[] =>
      [...(node.iptables[0]?.tables.values() ?? [])].flatMap(table =>
        [...table.chains.values()].flatMap(chain =>
          chain.rules.map(({matches, target}) => [chain.name, matches, target]),
        ),
      )
    expect(rules(repaired)).toEqual(rules(whole))
    expect(repaired.diagnostics.map(({code}) => code)).toEqual(['REPAIRED_TEXT'])
    expect(repaired.diagnostics[0]?.text).toContain(name)
  })
})

describe('repairText', () => {
  it('keeps the line numbers', () => {
    const damaged = `Defaulted container "x" out of: x\n\`\`\`\n${wrap(SAVE, 80)}`
    expect(repairText(damaged).text.split('\n')).toHaveLength(damaged.split('\n').length)
  })

  it('leaves alone what is whole', () => {
    for (const name of ['iptables-save.txt', 'ip-rule.txt', 'ip-route.txt', 'ipamd-enis.json']) {
      const text = readFileSync(`fixtures/net410/${name}`, 'utf8')
      expect(repairText(text)).toEqual({text, repairs: []})
    }
  })
})

describe('decodeText', () => {
  it.each([
    ['NUL bytes', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 1, 2, 3])],
    ['control characters', Buffer.from(Array.from({length: 200}, (_, at) => (at % 4 === 0 ? 3 : 65)))],
  ])('refuses %s', (_, bytes) => expect(decodeText(bytes)).toBeNull())

  it('reads what is not UTF-8 as Latin-1, and says so', () => {
    expect(decodeText(Buffer.from('caf\u00e9', 'latin1'))).toEqual({
      text: 'caf\u00e9',
      repairs: ['bytes that are not UTF-8, read as Latin-1'],
    })
  })
})

it('takes no time that grows with the square of blank lines', () => {
  const began = process.cpuUsage().user
  repairText('\n'.repeat(60_000))
  expect(process.cpuUsage().user - began).toBeLessThan(500_000) // microseconds; it took 4.8 s
})
