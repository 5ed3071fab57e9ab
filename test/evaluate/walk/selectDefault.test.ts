import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {tinyNode} from '../../support/tinyNode.js'

const OWN: FlowWords = {src: '10.0.0.2', dst: '8.8.8.8', proto: 'udp', sport: 4000, dport: 53}
const NETS = `
10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.2
10.0.1.0/24 dev eth1 proto kernel scope link src 10.0.1.2
10.0.9.9 dev veth0 scope link`

/** The next hops that the node's own packet may take; a flow with a source is looked up twice, and the second look-up is left out here. */
function hops(routes: readonly string[], flow: FlowWords): string[] {
  const node = tinyNode({}, {'ip-route.txt': `${routes.join('\n')}${NETS}`})
  const {outcomes} = explainWords(node, flow, {steps: false}).explanation
  return [...new Set(outcomes.map(({egress}) => `${egress?.interface} ${egress?.nextHop}`))].sort()
}

const A = 'default via 10.0.0.1 dev eth0'
const B = 'default via 10.0.1.1 dev eth1'
const BOTH = ['eth0 10.0.0.1', 'eth1 10.0.1.1']
const FIRST = ['eth0 10.0.0.1']

describe('several default routes (fib_select_default)', () => {
  it.each<[string, string[], string[], FlowWords]>([
    ['of one metric are taken in turn', [A, B], BOTH, OWN],
    ['of one metric are taken in turn, whichever it is', [`${A} metric 7`, `${B} metric 7`], BOTH, OWN],
    ['of a greater metric are not', [A, `${B} metric 1`], FIRST, OWN],
    ['three', [A, B, 'default via 10.0.1.9 dev eth1'], [...BOTH, 'eth1 10.0.1.9'], OWN],
    ['transit takes the first', [A, B], FIRST, {...OWN, src: '10.0.9.9'}],
    ['a bound socket its device’s', [A, B], ['eth1 10.0.1.1'], {...OWN, oif: 'eth1'}],
    ['one without a gateway is not one of them', [A, 'default dev eth1 scope global'], FIRST, OWN],
    ['one of another scope is not', [A, `${B} scope site`], FIRST, OWN],
    ['one that is no way is not', [A, 'unreachable default', B], BOTH, OWN],
    ['a dead one is not', [A, `${B} dead linkdown`], FIRST, OWN],
    ['of the tos of the packet, beside those of none', [`${B} tos 0x10`, A], BOTH, {...OWN, dscp: 4}],
    ['not of another tos', [`${B} tos 0x10`, A], FIRST, OWN],
    ['not of another tos either', [`${B} tos 0x10`, A], FIRST, {...OWN, dscp: 2}],
    [
      'one metric of each tos',
      [`${B} tos 0x10 metric 5`, 'default via 10.0.1.9 dev eth1 tos 0x10 metric 6', `${A} metric 6`],
      BOTH,
      {...OWN, dscp: 4},
    ],
    [
      'a tos of a greater metric than those of none',
      [`${B} tos 0x10 metric 9`, `${A} metric 3`],
      BOTH,
      {...OWN, dscp: 4},
    ],
    [
      'several hops in one route are a route of their own kind',
      ['default nexthop via 10.0.0.1 dev eth0 nexthop via 10.0.1.1 dev eth1', B],
      BOTH,
      OWN,
    ],
    [
      'a route to less than everything is no default',
      [A, B, '8.8.0.0/16 via 10.0.1.7 dev eth1'],
      ['eth1 10.0.1.7'],
      OWN,
    ],
  ])('%s', (_, routes, expected, flow) => {
    expect(hops(routes, flow)).toEqual(expected)
  })

  it('says so, look-up by look-up', () => {
    const node = tinyNode({}, {'ip-route.txt': `${[`${A} metric 7`, `${B} metric 7`].join('\n')}${NETS}`})
    const {outcomes} = explainWords(node, {...OWN, src: null}, {steps: false}).explanation
    expect(outcomes.map(({conditions, packet}) => [packet.src, ...conditions])).toEqual([
      ['10.0.0.2', "if the kernel's dead gateway detection takes the default route eth0 via 10.0.0.1 metric 7"],
      ['10.0.1.2', "if the kernel's dead gateway detection takes the default route eth1 via 10.0.1.1 metric 7"],
    ])
    const tcp = explainWords(node, {...OWN, src: null, proto: 'tcp'}, {steps: false}).explanation.outcomes
    expect(tcp.map(({conditions}) => conditions.at(-1))).toContain(
      "if the kernel's dead gateway detection takes the default route eth1 via 10.0.1.1 metric 7 (look-up 2)",
    )
  })
})
