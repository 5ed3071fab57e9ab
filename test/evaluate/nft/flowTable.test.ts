import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {lineOf} from '../../support/outcomeLines.js'
import {tinyNode} from '../../support/tinyNode.js'

const NFT = `table ip t {
	flowtable f {
		hook ingress priority 0
		devices = { eth0, veth0 }
	}
	chain c {
		type filter hook forward priority 0; policy accept;
		ct state established,related,new flow add @f drop
	}
}
`
const FLOW: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', sport: 4000, dport: 53}

/** How the flow ends: dropped where it is taken, since what follows `flow add` in its rule is met. */
function ends(entry: string | null, flow: FlowWords): string[] {
  const node = tinyNode({}, {'nft-ruleset.txt': NFT, ...(entry === null ? {} : {'conntrack.txt': `${entry}\n`})})
  const {outcomes} = explainWords(node, flow, {steps: false}).explanation
  return outcomes.map(outcome => lineOf(outcome).replace(/( by \w+)?: .*$/, ''))
}

const tuple = (more = ''): string => `src=10.0.9.9 dst=8.8.8.8 ${more}src=8.8.8.8 dst=10.0.9.9 ${more}`
const ported = (protocol: string, state: string, end: string): string =>
  `${protocol} 30${state} src=10.0.9.9 dst=8.8.8.8 sport=4000 dport=53 src=8.8.8.8 dst=10.0.9.9 sport=53 dport=4000 ${end}mark=0 use=1`

const OLD = 'dropped (FILTER_RULE)'

describe('flow add', () => {
  it.each<[string, string | null, FlowWords, string[]]>([
    ['a first packet never', null, {...FLOW, proto: 'udp'}, ['forwarded']],
    ['UDP', ported('udp      17', '', '[ASSURED] '), {...FLOW, proto: 'udp'}, [OLD]],
    [
      'TCP that both ends confirmed',
      ported('tcp      6', ' ESTABLISHED', '[ASSURED] '),
      {...FLOW, proto: 'tcp', tcpFlags: 'ACK'},
      [OLD],
    ],
    [
      'TCP that they did not: in older kernels',
      ported('tcp      6', ' SYN_RECV', ''),
      {...FLOW, proto: 'tcp', tcpFlags: 'ACK'},
      [`if ${OLD}`, 'unless forwarded'],
    ],
    [
      'TCP that ends',
      ported('tcp      6', ' ESTABLISHED', '[ASSURED] '),
      {...FLOW, proto: 'tcp', tcpFlags: 'FIN,ACK'},
      ['forwarded'],
    ],
    [
      'TCP that is reset',
      ported('tcp      6', ' ESTABLISHED', '[ASSURED] '),
      {...FLOW, proto: 'tcp', tcpFlags: 'RST'},
      ['forwarded'],
    ],
    [
      'GRE: in newer kernels',
      `gre      47 30 timeout=30, stream_timeout=180 ${tuple('srckey=0x0 dstkey=0x0 ')}[ASSURED] mark=0 use=1`,
      {src: '10.0.9.9', dst: '8.8.8.8', proto: 'gre'},
      [`if ${OLD}`, 'unless forwarded'],
    ],
    [
      'others never',
      `unknown  50 30 ${tuple()}[ASSURED] mark=0 use=1`,
      {src: '10.0.9.9', dst: '8.8.8.8', proto: 'esp'},
      ['forwarded'],
    ],
  ])('takes %s', (_, entry, flow, expected) => {
    expect(ends(entry, flow)).toEqual(expected)
  })

  it('says which kernels', () => {
    const node = tinyNode({}, {'nft-ruleset.txt': NFT, 'conntrack.txt': `${ported('tcp      6', ' SYN_RECV', '')}\n`})
    const {outcomes} = explainWords(node, {...FLOW, proto: 'tcp', tcpFlags: 'ACK'}).explanation
    expect(outcomes.map(({conditions}) => conditions[0])).toEqual([
      'if the kernel is older than 5.18: `flow add @f` takes TCP connections before both ends have confirmed them',
      'unless the kernel is older than 5.18: `flow add @f` takes TCP connections before both ends have confirmed them',
    ])
  })
})
