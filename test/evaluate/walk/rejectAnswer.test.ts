import {addressListing} from '../../support/addressListing.js'
import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {saveOf, tinyNode} from '../../support/tinyNode.js'

const OUT: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'udp', sport: 4000, dport: 53}
const IN: FlowWords = {src: '9.9.9.9', dst: '10.0.9.9', proto: 'udp', sport: 4000, dport: 53, iif: 'eth0'}
const OUT6: FlowWords = {src: '2001:db8:9::9', dst: '2001:db8:ffff::8', proto: 'udp', sport: 4000, dport: 53}
const RULE =
  '0: from all lookup local\n100: from all RULE lookup 7\n32766: from all lookup main\n32767: from all lookup default'
const TABLE7 = `
  default via 10.0.1.1 dev eth1 table 7
  default via 10.0.0.1 dev eth0
  10.0.9.9 dev veth0 scope link`

/** What the step behind REJECT says. */
function sent(flow: FlowWords, documents: Record<string, string> = {}, option = ''): string | undefined {
  const rules = {
    mangle: '-A PREROUTING -j MARK --set-mark 0x1',
    filter: `-A FORWARD -j REJECT ${option}\n-A INPUT -j REJECT ${option}`,
  }
  const node = tinyNode(rules, {'ip6tables-save.txt': saveOf(rules, 'ip6tables-save'), ...documents})
  const step = explainWords(node, flow).explanation.outcomes[0]?.steps?.find(({kind}) => kind === 'reject-answer')
  expect(step?.stage).toBe('reject')
  return step?.effect.replace(/^icmp6?-port-unreachable goes back/, 'goes back')
}

describe('what REJECT sends: icmp_send, icmp6_send, nf_reject', () => {
  it.each<[string, FlowWords, string, Record<string, string>?]>([
    ['from the node to the pod, by the borrowed address of its device', OUT, 'goes back from 10.0.0.2 to 10.0.9.9'],
    ['from the address that was asked', {...IN, dst: '10.0.1.2'}, 'goes back from 10.0.1.2 to 9.9.9.9'],
    [
      'from the subnet of the gateway',
      IN,
      'goes back from 10.0.5.2 to 9.9.9.9',
      {
        'ip-addr.txt': addressListing({eth0: ['10.0.0.2/24 scope global eth0', '10.0.5.2/24 scope global eth0']}),
        'ip-route.txt': 'default via 10.0.5.1 dev eth0\n10.0.9.9 dev veth0 scope link',
      },
    ],
    [
      'from the hint of the route',
      OUT,
      'goes back from 10.0.1.2 to 10.0.9.9',
      {'ip-route.txt': 'default via 10.0.0.1 dev eth0\n10.0.9.9 dev veth0 scope link src 10.0.1.2'},
    ],
    [
      'not at all without a route back',
      IN,
      'nothing is sent back: there is no route to 9.9.9.9',
      {'ip-route.txt': '10.0.9.9 dev veth0 scope link'},
    ],
    [
      'not about a broadcast',
      {...IN, src: '10.0.0.7', dst: '10.0.0.255'},
      'nothing is sent back: the packet was a broadcast',
    ],
    [
      'its lookup is one of ICMP',
      IN,
      'goes back from 10.0.1.2 to 9.9.9.9',
      {'ip-rule.txt': RULE.replace('RULE', 'ipproto icmp'), 'ip-route.txt': TABLE7},
    ],
    [
      '… of the node',
      IN,
      'goes back from 10.0.1.2 to 9.9.9.9',
      {'ip-rule.txt': RULE.replace('RULE', 'iif lo'), 'ip-route.txt': TABLE7},
    ],
    [
      '… without the mark',
      IN,
      'goes back from 10.0.0.2 to 9.9.9.9',
      {'ip-rule.txt': RULE.replace('RULE', 'fwmark 0x1'), 'ip-route.txt': `${TABLE7}\nthrow 10.0.9.9 table 7`},
    ],
    [
      '… but with fwmark_reflect',
      IN,
      'goes back from 10.0.1.2 to 9.9.9.9',
      {
        'ip-rule.txt': RULE.replace('RULE', 'fwmark 0x1'),
        'ip-route.txt': `${TABLE7}\nthrow 10.0.9.9 table 7`,
        'sysctl.txt': 'net.ipv4.ip_forward = 1\nnet.ipv4.fwmark_reflect = 1',
      },
    ],
    ['IPv6: from the address of the device', OUT6, 'goes back from 2001:db8::2 to 2001:db8:9::9'],
    [
      'IPv6: without a route back',
      {...OUT6, src: '2001:db8:77::7', iif: 'veth0', dst: '2001:db8::9'},
      'nothing is sent back: there is no route to 2001:db8:77::7',
      {'ip-route6.txt': '2001:db8::/64 dev eth0\n2001:db8:9::9 dev veth0\n'},
    ],
    ['ICMP echo is answered', {...OUT, sport: null, dport: null, proto: 'icmp'}, 'goes back from 10.0.0.2 to 10.0.9.9'],
    [
      'ICMP errors are not',
      {...OUT, sport: null, dport: null, proto: 'icmp', icmpType: 3},
      'nothing is sent back: ICMP errors are not answered',
    ],
    [
      'ICMPv6 echo is answered',
      {...OUT6, sport: null, dport: null, proto: 'icmpv6', icmpType: 128},
      'goes back from 2001:db8::2 to 2001:db8:9::9',
    ],
    [
      'ICMPv6 errors are not',
      {...OUT6, sport: null, dport: null, proto: 'icmpv6', icmpType: 1},
      'nothing is sent back: ICMP errors are not answered',
    ],
    [
      '… up to 127',
      {...OUT6, sport: null, dport: null, proto: 'icmpv6', icmpType: 127},
      'nothing is sent back: ICMP errors are not answered',
    ],
  ])('%s', (_, flow, expected, documents = {}) => {
    expect(sent(flow, documents)).toBe(expected)
  })

  it.each([
    ['SYN', 'a TCP reset goes back from 8.8.8.8 to 10.0.9.9'],
    ['RST', 'nothing is sent back: a RST is not answered'],
    ['RST,ACK', 'nothing is sent back: a RST is not answered'],
  ])('tcp-reset to %s', (tcpFlags, expected) => {
    const rule = '-p tcp --reject-with tcp-reset'
    const node = tinyNode({filter: `-A FORWARD ${rule.replace('--reject', '-j REJECT --reject')}`})
    const step = explainWords(node, {...OUT, proto: 'tcp', tcpFlags}).explanation.outcomes[0]?.steps?.find(
      ({kind}) => kind === 'reject-answer',
    )
    expect(step?.effect).toBe(expected)
  })

  it('without steps it rejects all the same', () => {
    const {outcomes} = explainWords(tinyNode({filter: '-A FORWARD -j REJECT'}), OUT, {steps: false}).explanation
    expect(outcomes).toMatchObject([{disposition: 'rejected', reason: 'REJECT_RULE'}])
  })
})
