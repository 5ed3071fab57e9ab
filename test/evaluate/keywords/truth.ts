import type {JsonOutcome, NodeState} from '../../../src/model/index.js'
import {saveOf, tinyNode} from '../../support/tinyNode.js'
import {DOCUMENTS, type Truth} from './probe.js'

/** Drops what the match is true of. */
export function nodeWith(place: string, match: string, family: 4 | 6): NodeState {
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

export const OPPOSITE: Readonly<Record<Truth, Truth>> = {true: 'false', false: 'true', open: 'open'}

export function truthOf(outcomes: readonly JsonOutcome[]): Truth {
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
