import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import fc from 'fast-check'
import {parseNftRuleset} from '../../../src/parse/index.js'

const FIXTURE = fileURLToPath(new URL('../../../fixtures/vpc-cni-1.23/nft-ruleset.txt', import.meta.url))

/** Lines of which the order, the want or the doubling makes chains that are no plain ones. */
const ODD = [
  '\t\ttype nat hook postrouting priority srcnat; policy accept;',
  '\t\tip daddr { 10.0.0.1,',
  '\t\t\t     10.0.0.2 } accept',
  '\t\tjump {',
  '\t\t\taccept',
  '\t\t} # handle 7',
  '\t\t}',
  '\t}',
  '}',
  '\tchain odd {',
  '\tchain tail { # handle 9',
  '\t\tcomment "a { b"',
  '\t\tip daddr 10.0.0.3 counter comment "} c {"',
  '\t\txt match "comment" counter',
  '\t\tupdate @seen { ip saddr limit rate 5/second }',
  '  ip saddr 10.0.0.9 drop',
  '',
]

const LINES = [
  ...readFileSync(FIXTURE, 'utf8').split('\n'),
  'table ip odd {',
  '\tset seen {',
  '\t\ttype ipv4_addr',
  '\t}',
  '\tchain plain {',
  '\t\tip daddr 10.0.0.1 tcp dport 80 accept',
  '\t\tnumgen random mod 2 vmap { 0 : goto odd, 1 : goto tail }',
  '\t}',
  '}',
]

/** All that is read of a listing, rules and elements too, as text in which no blank stands behind the head of a chain. */
function read(text: string): string {
  const {value, diagnostics} = parseNftRuleset({name: 'nft', text})
  const tables = value.tables.map(({chains, sets, ...table}) => ({
    ...table,
    chains: [...chains].map(([name, chain]) => [name, {...chain}, chain.ruleCount, chain.rules]),
    sets: [...sets].map(([name, set]) => [name, {...set}, set.elements]),
  }))
  const all = JSON.stringify({...value, tables, diagnostics}, (_, part: unknown) =>
    typeof part === 'bigint' ? String(part) : part,
  )
  return all.replaceAll('{ \\n', '{\\n')
}

/** A blank behind the head of a chain: no plain one, and the same to people and to nft. */
function withoutPlainChains(text: string): string {
  return text.replace(/^(\tchain \S+ \{)$/gm, '$1 ')
}

/** A change at some line: it goes, it comes twice, or an odd one stands before it. */
const change = fc.record({
  at: fc.nat(LINES.length - 1),
  how: fc.oneof(fc.constant('drop' as const), fc.constant('double' as const), fc.constantFrom(...ODD)),
})

describe('plain chains', () => {
  it('are read as all others are', () => {
    const text = LINES.join('\n')
    expect(read(text)).toBe(read(withoutPlainChains(text)))
  })

  it('are no others than those that read alike, whatever became of a listing', () => {
    fc.assert(
      fc.property(fc.array(change, {minLength: 1, maxLength: 4}), changes => {
        const lines = LINES.flatMap((line, at) =>
          changes
            .filter(one => one.at === at)
            .reduce<string[]>(
              (now, {how}) => (how === 'drop' ? [] : how === 'double' ? [...now, ...now] : [how, ...now]),
              [line],
            ),
        )
        const text = lines.join('\n')
        expect(read(text)).toBe(read(withoutPlainChains(text)))
      }),
      {numRuns: 300},
    )
  })
})
