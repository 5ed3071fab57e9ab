import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {tinyNode} from '../../support/tinyNode.js'

const FLOW: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'udp', sport: 4000, dport: 53}
const FLOW6: FlowWords = {...FLOW, src: '2001:db8:9::9', dst: '2001:db8:ffff::8'}

function explain(statement: string, flow: FlowWords, hook = 'ingress', device = 'veth0') {
  const nft = `table netdev t {\n\tchain c {\n\t\ttype filter hook ${hook} device "${device}" priority 0; policy accept;\n\t\t${statement}\n\t\tudp dport 53 drop\n\t}\n}\n`
  const {outcomes} = explainWords(tinyNode({}, {'nft-ruleset.txt': nft}), flow).explanation
  expect(outcomes).toHaveLength(1)
  const [outcome] = outcomes
  if (outcome === undefined) throw new Error('no outcome')
  return outcome
}

/** How it ends, by which device and to whom, and what the last step of nftables says. */
function told(statement: string, flow: FlowWords, hook?: string, device?: string): string[] {
  const {disposition, reason, egress, steps = []} = explain(statement, flow, hook, device)
  const way = egress === null ? '' : ` ${egress.interface} ${egress.nextHop ?? 'no hop'}`
  return [
    `${disposition}${reason === null ? '' : ` ${reason}`}${way}`,
    steps.findLast(({backend}) => backend === 'nft')?.effect ?? '',
  ]
}

describe('fwd', () => {
  it.each<[string, FlowWords, string[]]>([
    [
      'fwd to "eth1"',
      FLOW,
      ['forwarded eth1 no hop', 'out by eth1 with the addresses that the frame came with: no routing, no hook of IP'],
    ],
    [
      'fwd ip to 10.0.1.7 device "eth1"',
      FLOW,
      ['forwarded eth1 10.0.1.7', 'out by eth1 to 10.0.1.7: no routing, no hook of IP'],
    ],
    [
      'fwd ip to 10.0.1.7 device "eth1"',
      {...FLOW, ttl: 2},
      ['forwarded eth1 10.0.1.7', 'out by eth1 to 10.0.1.7: no routing, no hook of IP'],
    ],
    ['fwd ip to 10.0.1.7 device "eth1"', {...FLOW, ttl: 1}, ['dropped FILTER_RULE', 'the TTL is 1: dropped']],
    [
      'fwd to "eth1"',
      {...FLOW, ttl: 1},
      ['forwarded eth1 no hop', 'out by eth1 with the addresses that the frame came with: no routing, no hook of IP'],
    ],
    [
      'fwd ip6 to 2001:db8::7 device "eth0"',
      FLOW6,
      ['forwarded eth0 2001:db8::7', 'out by eth0 to 2001:db8::7: no routing, no hook of IP'],
    ],
    // of the other family: the rule ends
    ['fwd ip to 10.0.1.7 device "eth1"', FLOW6, ['dropped FILTER_RULE', '']],
    ['fwd ip6 to 2001:db8::7 device "eth0"', FLOW, ['dropped FILTER_RULE', '']],
  ])('%s of %o', (statement, flow, expected) => {
    expect(told(statement, flow)).toEqual(expected)
  })

  it('at egress is not modelled', () => {
    const {disposition, reason, steps = []} = explain('fwd to "eth1"', FLOW, 'egress', 'eth0')
    expect([disposition, reason]).toEqual(['undetermined', 'UNMODELLED_TARGET'])
    expect(steps.at(-1)?.effect).toContain('what `fwd to "eth1"` does at egress is not modelled')
  })
})
