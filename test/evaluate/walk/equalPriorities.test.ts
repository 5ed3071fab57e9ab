import fc from 'fast-check'
import type {JsonOutcome} from '../../../src/model/index.js'
import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {lineOf} from '../../support/outcomeLines.js'
import {saveOf, tinyNode} from '../../support/tinyNode.js'

const FLOW: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'tcp', sport: 40000, dport: 443}

/** Rules that may see what those of the other chain did, and rules that do nothing. */
const RULES = [
  'meta mark set 0x1',
  'meta mark set meta mark | 0x2',
  'meta mark set meta mark & 0x1',
  'ct mark set 0x4',
  'ct mark set meta mark',
  'meta mark set ct mark',
  'meta mark 0x1 drop',
  'meta mark & 0x2 == 0x2 accept',
  'meta mark & 0x1 == 0x0 return',
  'ct mark 0x4 drop',
  'ip dscp set cs2',
  'ip dscp cs2 meta mark set 0x8',
  'tcp dport 443 counter',
  'tcp dport 80 drop',
  'ip daddr 8.8.8.8 return',
  'ip daddr @seen drop',
  'add @seen { ip daddr }',
  'numgen random mod 2 0 meta mark set 0x1',
  'numgen inc mod 2 0 meta mark set 0x1',
  'limit rate 1/second drop',
  'meta mark 0x1 reject',
  'counter',
]

const NAT_RULES = [
  ...RULES.filter(rule => !/reject|drop/.test(rule)),
  'dnat to 9.9.9.9',
  'tcp dport 443 dnat to 9.9.9.8:80',
  'meta mark 0x1 dnat to 9.9.9.7',
  'ct mark 0x4 dnat to 9.9.9.6',
  'accept',
]

function tableOf(name: string, base: string, rules: readonly string[]): string {
  return `table ip ${name} {
	set seen {
		type ipv4_addr
		flags dynamic
	}
	chain c {
		type ${base}; policy accept;
		${rules.join('\n\t\t')}
	}
}
`
}

function explain(
  type: string,
  a: readonly [number, readonly string[]],
  b: readonly [number, readonly string[]],
  steps = true,
) {
  const tables = [
    ['a', a],
    ['b', b],
  ] as const
  const nft = tables.map(([name, [priority, rules]]) => tableOf(name, `${type} priority ${priority}`, rules)).join('')
  // keeps connection tracking on, whatever the rules
  const tracker = 'table ip z {\n\tchain z {\n\t\tct state new accept\n\t}\n}\n'
  return explainWords(tinyNode({}, {'nft-ruleset.txt': nft + tracker}), FLOW, {steps}).explanation.outcomes
}

/** How an outcome ends, there and back: not on what that depends, nor in which order it came about. */
function plain(outcome: JsonOutcome): string {
  const {reply} = outcome
  return [outcome, ...(reply == null ? [] : [reply])].map(one => lineOf({...one, conditions: []})).join(' | ')
}

function lines(outcomes: readonly JsonOutcome[]): string[] {
  return [...new Set(outcomes.map(plain))].sort()
}

/** How the packet ends, whatever its answer and however probable. */
function ends(outcomes: readonly JsonOutcome[]): string[] {
  return [...new Set(outcomes.map(outcome => lineOf({...outcome, conditions: [], probability: null})))].sort()
}

function isOpen(outcomes: readonly JsonOutcome[]): boolean {
  return outcomes.some(({conditions}) => conditions.some(text => text.includes('equal priority')))
}

describe('base chains of one priority', () => {
  const sides = (rules: readonly string[]): fc.Arbitrary<string[]> =>
    fc.array(fc.constantFrom(...rules), {minLength: 1, maxLength: 3})

  it.each([
    ['filter hook forward', RULES],
    ['nat hook prerouting', NAT_RULES],
    ['route hook output', RULES],
  ])('%s: one order is walked only where the other ends alike', (type, rules) => {
    let open = 0
    let joined = 0
    fc.assert(
      fc.property(sides(rules), sides(rules), (a, b) => {
        const equal = explain(type, [-90, a], [-90, b])
        const first = lines(explain(type, [-91, a], [-90, b]))
        const second = lines(explain(type, [-90, a], [-91, b]))
        if (isOpen(equal)) open++
        else {
          joined++
          expect(second).toEqual(first)
        }
        const all = [...new Set([...first, ...second])].sort()
        expect(lines(equal)).toEqual(all)
        // without steps more chains leave the packet alone, and what ends alike is one outcome
        expect(ends(explain(type, [-90, a], [-90, b], false))).toEqual(ends(equal))
      }),
      {numRuns: 80},
    )
    // of both there must have been some
    expect(Math.min(joined, type.startsWith('route') ? 1 : open)).toBeGreaterThan(0)
  })

  it('walks one order where no rule of the idle chain matches', () => {
    const outcomes = explain('filter hook forward', [0, ['tcp dport 80 drop']], [0, ['meta mark set 0x1']])
    expect(outcomes.map(({conditions}) => conditions)).toEqual([[]])
  })

  it('walks both where a rule of it matches, which another chain may keep from the packet', () => {
    const outcomes = explain('filter hook forward', [0, ['drop']], [0, ['counter']])
    const met = outcomes.map(({steps = []}) => steps.filter(({kind}) => kind === 'chain-rule').map(({table}) => table))
    expect(met.sort()).toEqual([['a'], ['b', 'a']])
  })

  it.each([
    ['the mark', 'meta mark set 0x1', 'meta mark 0x1 drop'],
    ['the TOS field', 'ip dscp set cs2', 'ip dscp cs2 drop'],
    ['the mark of the connection', 'ct mark set 0x4', 'ct mark 0x4 drop'],
    ['the TTL', 'ip ttl set 9', 'ip ttl 9 drop'],
  ])('without steps, too, walks both where one changes %s and the other asks for it', (_, sets, asks) => {
    for (const [a, b] of [
      [sets, asks],
      [asks, sets],
    ] as const) {
      const outcomes = explain('filter hook forward', [0, [a]], [0, [b]], false)
      expect(outcomes.map(({disposition}) => disposition).sort()).toEqual(['dropped', 'forwarded'])
    }
  })

  it('walks both where one translates the connection', () => {
    const outcomes = explain('nat hook prerouting', [-90, ['dnat to 9.9.9.9']], [-90, ['dnat to 9.9.9.8']], false)
    expect(outcomes.map(({packet}) => packet.dst).sort()).toEqual(['9.9.9.8', '9.9.9.9'])
  })

  it('says of each order which chain runs first, and which next', () => {
    const chains = (...rules: string[]): string =>
      rules
        .map(
          (rule, i) => `\tchain c${i} {\n\t\ttype filter hook forward priority 0; policy accept;\n\t\t${rule}\n\t}\n`,
        )
        .join('')
    // of one table the last that it lists runs first
    const nft = `table ip a {\n${chains('meta mark set meta mark | 0x1', 'meta mark set 0x10')}}\ntable ip b {\n${chains('meta mark 0x10 drop')}}\ntable ip d {\n${chains('meta mark set meta mark & 0xfe')}}\n`
    const {outcomes} = explainWords(tinyNode({}, {'nft-ruleset.txt': nft}), FLOW).explanation
    const said = outcomes.map(({conditions, disposition}) => [
      disposition,
      ...conditions.map(text =>
        text
          .replace(/ \(equal priority.*/, '')
          .replace('the chain ', '')
          .replace('of table ip ', 'of '),
      ),
    ])
    expect(said).toEqual(expect.arrayContaining([['dropped', 'if c1 of a runs first', 'if c0 of b runs next']]))
    expect(said.flat().filter(text => text.includes('c0 of a runs first'))).toEqual([])
    expect(new Set(said.map(([disposition]) => disposition))).toEqual(new Set(['dropped', 'forwarded']))
  })

  it('walks both orders where the idle chain sees what the other did', () => {
    const outcomes = explain('filter hook forward', [0, ['meta mark 0x1 drop']], [0, ['meta mark set 0x1']])
    expect(outcomes.map(({disposition}) => disposition).sort()).toEqual(['dropped', 'forwarded'])
    expect(outcomes.every(({conditions}) => conditions.length === 1)).toBe(true)
  })

  it('walks both orders with --brief, too, where one puts an address on a list that the other asks', () => {
    const [set, ask] = ['--set', '--rcheck -j DROP'].map(rest =>
      saveOf({filter: `-A FORWARD -m recent --name x ${rest}`}),
    )
    const node = tinyNode(
      {},
      {
        'iptables-save.txt': null,
        'iptables-legacy-save.txt': set ?? null,
        'iptables-nft-save.txt': ask?.replace('v1.8.7', 'v1.8.7 (nf_tables)') ?? null,
      },
    )
    for (const steps of [true, false]) {
      const {outcomes} = explainWords(node, FLOW, {steps}).explanation
      expect([...new Set(outcomes.map(({disposition}) => disposition))].sort()).toEqual(['dropped', 'forwarded'])
    }
  })
})
