import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {tinyNode} from '../../support/tinyNode.js'

/** What becomes of the answer of a pod whose packets are routed past the local table, as those of pods with security groups are. */
function answer(flow: FlowWords, sysctl = '') {
  const node = tinyNode(
    {},
    {
      'ip-rule.txt': '10: from all iif veth0 lookup 7\n20: from all lookup local\n32766: from all lookup main',
      'ip-route.txt':
        'default via 10.0.0.1 dev eth0\n10.0.0.0/24 dev eth0 scope link\n10.0.9.9 dev veth0 scope link\ndefault via 10.0.1.1 dev eth1 table 7\n10.0.1.0/24 dev eth1 table 7 scope link',
      'sysctl.txt': `net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\n${sysctl}`,
    },
  )
  const {reply} = explainWords(node, flow).explanation.outcomes[0] ?? {}
  return {
    end: `${reply?.disposition} ${reply?.reason ?? reply?.egress?.interface}`,
    step: reply?.steps?.find(({kind}) => kind === 'forwarding'),
  }
}

const PROBE: FlowWords = {src: '10.0.0.2', dst: '10.0.9.9', proto: 'tcp', sport: 4000, dport: 80}

describe('answers to sockets of the node that are routed onward', () => {
  it.each<[string, FlowWords, string, string]>([
    ['are dropped where they were given to the socket early', PROBE, '', 'unroutable EARLY_DEMUX'],
    ['… as said', PROBE, 'net.ipv4.tcp_early_demux = 1', 'unroutable EARLY_DEMUX'],
    ['are forwarded without early demultiplexing of TCP', PROBE, 'net.ipv4.tcp_early_demux = 0', 'forwarded eth1'],
    ['are forwarded without any', PROBE, 'net.ipv4.ip_early_demux = 0', 'forwarded eth1'],
    ['of UDP are forwarded', {...PROBE, proto: 'udp'}, '', 'forwarded eth1'],
    ['of nobody’s socket are forwarded', {...PROBE, src: '10.0.0.77', iif: 'eth0'}, '', 'forwarded eth1'],
  ])('%s', (_, flow, sysctl, expected) => {
    expect(answer(flow, sysctl).end).toBe(expected)
  })

  it('the step says why, and cites the route', () => {
    expect(answer(PROBE).step).toMatchObject({
      stage: 'forwarding',
      target: 'EARLY_DEMUX',
      text: 'default via 10.0.1.1 dev eth1 table 7',
      effect: 'the packet belongs to a socket of the node (tcp_early_demux) but is routed onward: dropped',
    })
  })
})
