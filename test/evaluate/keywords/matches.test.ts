import fc from 'fast-check'
import type {JsonOutcome, NodeState} from '../../../src/model/index.js'
import {explainWords} from '../../support/explainFlow.js'
import {saveOf, tinyNode} from '../../support/tinyNode.js'
import {MATCHES} from './matches.js'
import {type Case, DOCUMENTS, INWARD, type MatchProbe, TCP, type Truth} from './probe.js'

/** Drops what the match is true of. */
function nodeWith(place: string, match: string, family: 4 | 6): NodeState {
  const [table = '', chain = ''] = place.split(' ')
  const rules = {[table]: `-A ${chain} ${match} -j DROP`}
  return tinyNode(family === 4 ? rules : {}, {
    ...DOCUMENTS,
    ...EXTRA,
    ...(family === 6 ? {'ip6tables-save.txt': saveOf(rules, 'ip6tables-save')} : {}),
  })
}

/** A bridge port veth5 with 10.0.5.5 behind it; packets with mark 7 come from eth1. */
const EXTRA: Readonly<Record<string, string>> = {
  'ip-link.txt': `
    5: veth5@if3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 qdisc noqueue master br0 state UP mode DEFAULT group default
        link/ether 0e:00:00:00:00:55 brd ff:ff:ff:ff:ff:ff link-netnsid 1`,
  'ip-rule.txt': `
    0: from all lookup local
    100: from all fwmark 0x7 lookup 7
    32766: from all lookup main
    32767: from all lookup default`,
  'ip-route.txt': `
    default via 10.0.1.1 dev eth1 table 7
    default via 10.0.0.1 dev eth0
    10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.2
    10.0.1.0/24 dev eth1 proto kernel scope link src 10.0.1.2
    10.0.5.5 dev veth5 scope link
    10.0.9.9 dev veth0 scope link`,
}

function truthOf(outcomes: readonly JsonOutcome[]): Truth {
  const dropped = outcomes.filter(({disposition, reason}) => disposition === 'dropped' && reason === 'FILTER_RULE')
  if (outcomes.length === 1) {
    expect(outcomes[0]?.conditions).toEqual([])
    return dropped.length === 1 ? 'true' : 'false'
  }
  expect(outcomes).toHaveLength(2)
  expect(dropped).toHaveLength(1)
  const [one = '', other = ''] = outcomes.flatMap(({conditions}) => conditions)
  expect([`unless${one.slice(2)}`, `if${one.slice(6)}`]).toContain(other)
  return 'open'
}

const OPPOSITE: Readonly<Record<Truth, Truth>> = {true: 'false', false: 'true', open: 'open'}

function expectTruth({place}: MatchProbe, {text, flow, truth}: Case, negation: '' | '! '): void {
  const match = text.replace('!? ', negation)
  const node = nodeWith(place, match, String(flow['dst']).includes(':') ? 6 : 4)
  const {outcomes} = explainWords(node, flow, {steps: false}).explanation
  expect({match, flow, truth: truthOf(outcomes)}).toEqual({
    match,
    flow,
    truth: negation === '' ? truth : OPPOSITE[truth],
  })
}

describe('each match keyword behaves as docs/limitations.md says', () => {
  it.each(MATCHES.map(probe => [probe.keyword, probe.state, probe] as const))('%s: %s', (_keyword, _state, probe) => {
    for (const one of probe.cases) {
      expectTruth(probe, one, '')
      if (one.text.includes('!?')) expectTruth(probe, one, '! ')
    }
  })
})

describe('matches in one rule', () => {
  // matches that ask one and the same question twice have fewer branches than two: left out
  const alike = /^(set --(up|pack|bytes)|recent)/
  const texts = MATCHES.filter(({keyword, place}) => place === 'filter FORWARD' && !alike.test(keyword))
    .flatMap(probe => probe.cases.map(one => one.text))
    .filter(text => !/-m (icmp6|hl|dst|eui64|frag|hbh|ipv6header|mh|rt|srh)/.test(text))
  const match = fc
    .tuple(fc.constantFrom(...texts), fc.boolean())
    .map(([text, not]) => text.replace('!? ', not ? '! ' : ''))

  it.each([
    ['from the pod', TCP],
    ['to the pod', INWARD],
  ])('all must hold, in Kleene logic: %s', (_, flow) => {
    const outcomesOf = (rule: string): readonly JsonOutcome[] =>
      explainWords(nodeWith('filter FORWARD', rule, 4), flow, {steps: false}).explanation.outcomes
    fc.assert(
      fc.property(match, match, (a, b) => {
        fc.pre(a.split(' ').at(-2) !== b.split(' ').at(-2))
        const truths = [truthOf(outcomesOf(a)), truthOf(outcomesOf(b))]
        const together = outcomesOf(`${a} ${b}`)
        const dropped = together.filter(({disposition}) => disposition === 'dropped')
        if (truths.includes('false')) {
          // a rule that cannot match branches nothing
          expect(together).toHaveLength(1)
          expect(dropped).toEqual([])
        } else {
          expect(dropped).toHaveLength(1)
          expect(dropped[0]?.conditions).toHaveLength(truths.filter(truth => truth === 'open').length)
        }
      }),
      {numRuns: 150},
    )
  })
})
