import {readFileSync} from 'node:fs'
import path from 'node:path'
import {MATCH_MODULES} from '../../src/parse/iptables/match/modules.js'
import {STANDARD_TARGETS, TARGET_MODULES} from '../../src/parse/iptables/target/modules.js'
import {MATCHES} from '../evaluate/keywords/matches.js'
import {TARGETS} from '../evaluate/keywords/targets.js'
import {EXPRESSIONS} from '../evaluate/nftKeywords/expressions.js'
import {STATEMENTS} from '../evaluate/nftKeywords/statements.js'

const page = readFileSync(path.join(import.meta.dirname, '../../docs/limitations.md'), 'utf8')

/** `keyword: state` of each row of a table of the page. */
function rowsOf(heading: string): string[] {
  const start = page.indexOf(`### ${heading}\n`)
  const end = page.indexOf('\n#', start + 1)
  const section = page.slice(start, end < 0 ? page.length : end)
  return [...section.matchAll(/^\| `([^`]+)` +\| ([a-z ]+?) +\|/gm)].map(([, keyword, state]) => `${keyword}: ${state}`)
}

const stated = (probes: readonly {readonly keyword: string; readonly state: string}[]): string[] =>
  [...new Set(probes.map(({keyword, state}) => `${keyword}: ${state}`))].sort()

/** Names of one and the same module. */
const ALIASES: Readonly<Record<string, string>> = {icmpv6: 'icmp6', 'ipv6-icmp': 'icmp6'}

describe('docs/limitations.md', () => {
  it('has each match that is tested, in the state it is tested for, and no other', () => {
    expect(rowsOf('Matches').sort()).toEqual(stated(MATCHES))
  })

  it('has each target that is tested, in the state it is tested for, and no other', () => {
    expect(rowsOf('Targets').sort()).toEqual(stated(TARGETS))
  })

  it('has each expression and statement of nftables that is tested, in the state it is tested for, and no other', () => {
    expect(rowsOf('Expressions of nftables').sort()).toEqual(stated(EXPRESSIONS))
    expect(rowsOf('Statements of nftables').sort()).toEqual(stated(STATEMENTS))
  })

  it('has each module that the parser knows', () => {
    const named = new Set([...MATCHES, ...TARGETS].map(({keyword}) => keyword.split(' ')[0]))
    const modules = [...MATCH_MODULES.keys(), ...STANDARD_TARGETS.keys(), ...TARGET_MODULES.keys()]
    expect(modules.filter(module => !named.has(ALIASES[module] ?? module))).toEqual([])
  })
})
