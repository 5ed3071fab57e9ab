import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {type RuleLines, saveOf, tinyNode} from '../../support/tinyNode.js'

const STATES = ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED']
const OUT: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'tcp', sport: 4000, dport: 443}
const OUT6: FlowWords = {src: '2001:db8:9::9', dst: '2001:db8:ffff::8', proto: 'icmpv6'}

/** The state that a rule in FORWARD sees a packet in; of the answer with `-i eth0`. */
function stateOf(flow: FlowWords, documents: Record<string, string> = {}, device = 'veth0'): string | undefined {
  return STATES.find(state => {
    const rules: RuleLines = {filter: `-A FORWARD -i ${device} -m conntrack --ctstate ${state} -j DROP`}
    const node = tinyNode(rules, {...documents, 'ip6tables-save.txt': saveOf(rules, 'ip6tables-save')})
    const [outcome] = explainWords(node, flow).explanation.outcomes
    return (device === 'veth0' ? outcome : outcome?.reply)?.disposition === 'dropped'
  })
}

/** Nothing is tracked where no rule asks for it. */
const TRACKED: RuleLines = {nat: '-A POSTROUTING -o eth1 -j MASQUERADE'}

describe('the state of a first packet', () => {
  it.each([
    ['SYN', 'NEW'],
    ['SYN,URG', 'NEW'],
    ['SYN,PSH,ECE,CWR', 'NEW'],
    ['ACK', 'NEW'],
    ['ACK,PSH', 'NEW'],
    ['ACK,URG', 'NEW'],
    ['SYN,ACK', 'INVALID'],
    ['RST', 'INVALID'],
    ['RST,ACK', 'INVALID'],
    ['FIN,ACK', 'INVALID'],
    ['FIN', 'INVALID'],
    ['NONE', 'INVALID'],
  ])('TCP %s: %s', (tcpFlags, expected) => {
    expect(stateOf({...OUT, tcpFlags})).toBe(expected)
  })

  it.each(['ACK', 'ACK,URG'])('TCP %s is INVALID where connections are not picked up', tcpFlags => {
    const sysctl = {'sysctl.txt': 'net.ipv4.ip_forward = 1\nnet.netfilter.nf_conntrack_tcp_loose = 0'}
    expect(stateOf({...OUT, tcpFlags}, sysctl)).toBe('INVALID')
    expect(stateOf({...OUT, tcpFlags: 'SYN'}, sysctl)).toBe('NEW')
  })

  it.each([
    [8, 'NEW'],
    [13, 'NEW'],
    [15, 'NEW'],
    [17, 'NEW'],
    [0, 'INVALID'],
    [3, 'INVALID'],
    [14, 'INVALID'],
  ])('ICMP %d: %s', (icmpType, expected) => {
    expect(stateOf({src: '10.0.9.9', dst: '8.8.8.8', proto: 'icmp', icmpType})).toBe(expected)
  })

  // measured on Linux 6.18
  it.each([
    [1, 'INVALID'],
    [128, 'NEW'],
    [129, 'INVALID'],
    [130, 'UNTRACKED'],
    [136, 'UNTRACKED'],
    [137, 'INVALID'],
    [138, 'INVALID'],
    [139, 'NEW'],
    [142, 'INVALID'],
    [143, 'UNTRACKED'],
    [144, 'INVALID'],
    [151, 'UNTRACKED'],
    [152, 'UNTRACKED'],
    [153, 'INVALID'],
  ])('ICMPv6 %d: %s', (icmpType, expected) => {
    expect(stateOf({...OUT6, icmpType})).toBe(expected)
  })

  it.each(['udp', 'sctp', 'dccp', 'udplite'])('%s: NEW', proto => {
    expect(stateOf({...OUT, proto})).toBe('NEW')
  })
})

describe('the state of what comes back', () => {
  it.each<[string, FlowWords, string]>([
    ['an answer', OUT, 'ESTABLISHED'],
    ['an ICMP error about it', {...OUT, replyIcmp: [3, 3]}, 'RELATED'],
    ['an ICMPv6 error about it', {...OUT6, replyIcmp: [1, 0]}, 'RELATED'],
  ])('%s: %s', (_, flow, expected) => {
    expect(stateOf(flow, {}, 'eth0')).toBe(expected)
  })

  it('… says so', () => {
    const steps = explainWords(tinyNode(TRACKED), {...OUT, replyIcmp: [3, 3]}).explanation.outcomes[0]?.reply?.steps
    expect(steps?.find(({kind}) => kind === 'conntrack')).toMatchObject({
      target: 'RELATED',
      effect: 'RELATED: an ICMP error about the connection',
    })
  })
})

describe('an entry that is over', () => {
  const entry = (state: string): Record<string, string> => ({
    'conntrack.txt': `tcp 6 100 ${state} src=10.0.9.9 dst=8.8.8.8 sport=4000 dport=443 src=10.0.0.66 dst=10.0.9.9 sport=443 dport=4000 mark=0 use=1`,
  })
  const to = (state: string, flow: FlowWords): string | undefined =>
    explainWords(tinyNode(TRACKED, entry(state)), flow).explanation.outcomes[0]?.packet.dst

  it.each([
    ['TIME_WAIT', 'SYN', '8.8.8.8'],
    ['CLOSE', 'SYN', '8.8.8.8'],
    ['ESTABLISHED', 'SYN', '10.0.0.66'],
    ['LAST_ACK', 'SYN', '10.0.0.66'],
    ['TIME_WAIT', 'ACK', '10.0.0.66'],
    ['TIME_WAIT', 'SYN,ACK', '10.0.0.66'],
    ['TIME_WAIT', 'SYN,URG', '8.8.8.8'],
  ])('in state %s, of a packet with %s: to %s', (state, tcpFlags, expected) => {
    expect(to(state, {...OUT, tcpFlags})).toBe(expected)
  })
})
