import {describe, expect, it} from '@jest/globals'
import type {JsonOutcome, JsonStep} from '../../src/model/index.js'
import {describeSharedWay} from '../../src/render/explain/sharedWay.js'

const PACKET = {src: '10.0.0.1', sport: 1, dst: '10.0.0.2', dport: 2, proto: 'tcp', mark: 0}
const OUTCOME: JsonOutcome = {
  disposition: 'undetermined',
  reason: null,
  probability: 1,
  conditions: [],
  packet: PACKET,
  egress: null,
}
const egress = (name: string) => ({
  interface: name,
  nextHop: null,
  mac: null,
  neighbourState: null,
  eni: null,
  pod: null,
})
const out = (name: string): JsonOutcome => ({...OUTCOME, disposition: 'forwarded', egress: egress(name)})

/** Undetermined after it was routed, by such routes. */
function routed(...texts: string[]): JsonOutcome {
  const steps = texts.map((text): JsonStep => ({
    stage: 'routing',
    kind: 'route',
    backend: null,
    family: null,
    table: null,
    chain: null,
    rule: null,
    target: 'unicast',
    text,
    effect: '',
    source: null,
  }))
  return {...OUTCOME, steps}
}

const facts = (...outcomes: JsonOutcome[]): string | undefined => describeSharedWay(outcomes)?.facts.flat().join(' | ')

describe('the interface that all outcomes leave by', () => {
  it.each([
    ['one outcome', [out('eth0')]],
    ['two interfaces', [out('eth0'), out('eth1')]],
    ['one is dropped', [out('eth0'), {...OUTCOME, disposition: 'dropped' as const}]],
    ['all are undetermined', [routed('default dev eth0'), routed('default dev eth0')]],
    ['one was not routed yet', [out('eth0'), OUTCOME]],
    ['one was routed elsewhere last', [out('eth0'), routed('default via 10.0.0.9 dev eth0', '10.0.0.0/24 dev eth1')]],
    [
      'one has several next hops',
      [out('eth0'), routed('default nexthop via 10.0.0.8 dev eth0 weight 1 nexthop via 10.0.1.9 dev eth1 weight 1')],
    ],
  ] as [string, JsonOutcome[]][])('%s: nothing is said', (_, outcomes) => {
    expect(facts(...outcomes)).toBeUndefined()
  })

  it('is named where it is one', () => {
    expect(facts(out('eth0'), out('eth0'))).toBe('leaves by eth0 in every case')
  })

  it('counts what is undetermined by its last route, and says so', () => {
    expect(facts(out('eth0'), routed('10.0.0.0/24 dev eth1', 'default via 10.0.0.9 dev eth0'))).toMatch(
      /^leaves by eth0 in every case, as far as the capture shows \| what is undetermined was routed there too: only what the capture lacks/,
    )
  })
})
