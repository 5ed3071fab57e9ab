import type {JsonOutcome, NodeState} from '../../src/model/index.js'
import {explainWords, type FlowWords} from '../support/explainFlow.js'
import {type RuleLines, tinyNode} from '../support/tinyNode.js'
import {packetText} from '../support/walkText.js'

const replies = (node: NodeState, flow: FlowWords): (JsonOutcome | null | undefined)[] =>
  explainWords(node, flow).explanation.outcomes.map(({reply}) => reply)

/** Tells answers by a rule that drops some of them: `dropped` where the match holds of the answer. */
function answers(match: string, flow: FlowWords, hook = 'FORWARD'): string[] {
  const rules: RuleLines = {mangle: `-A ${hook} -m conntrack --ctdir REPLY ${match} -j DROP`}
  return replies(tinyNode(rules), flow).map(reply =>
    reply == null
      ? 'none'
      : [...reply.conditions.map(text => text.replace(/^for the answer: /, '')), reply.disposition].join(' '),
  )
}

const OUT: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'tcp', sport: 4000, dport: 443}
const IN: FlowWords = {src: '9.9.9.9', dst: '10.0.0.2', proto: 'tcp', sport: 4000, dport: 80, iif: 'eth0'}
const PING: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'icmp'}
const PING_NODE: FlowWords = {src: '10.0.9.9', dst: '10.0.0.2', proto: 'icmp'}

describe('the answer that is walked back', () => {
  it.each([
    ['far: a SYN gets a SYN+ACK', OUT, '--tcp-flags ALL SYN,ACK', 'FORWARD'],
    ['far: an ACK gets an ACK', {...OUT, tcpFlags: 'ACK'}, '--tcp-flags ALL ACK', 'FORWARD'],
    [
      'far: a SYN+ACK gets an ACK',
      {...OUT, tcpFlags: 'SYN,ACK', ctState: 'ESTABLISHED'},
      '--tcp-flags ALL ACK',
      'FORWARD',
    ],
    [
      'node: an ACK out of nowhere gets a RST, on a connection an ACK',
      {...IN, tcpFlags: 'ACK'},
      '--tcp-flags SYN,FIN NONE',
      'OUTPUT',
    ],
  ])('%s', (_, flow, flags, hook) => {
    expect(answers(`-p tcp -m tcp ${flags}`, flow, hook)).toEqual(['dropped'])
  })

  it('node: a SYN gets a SYN+ACK where something listens, else a RST: rules that tell them apart branch', () => {
    expect(answers('-p tcp -m tcp --tcp-flags SYN,ACK SYN,ACK', IN, 'OUTPUT')).toEqual([
      'if the answer is a SYN+ACK (something listens there), not a RST dropped',
      'unless the answer is a SYN+ACK (something listens there), not a RST forwarded',
    ])
    expect(answers('-p tcp -m tcp ! --tcp-flags RST RST', IN, 'OUTPUT')).toEqual([
      'if the answer is a SYN+ACK (something listens there), not a RST dropped',
      'unless the answer is a SYN+ACK (something listens there), not a RST forwarded',
    ])
    expect(answers('-p tcp -m tcp --tcp-flags ACK ACK', IN, 'OUTPUT')).toEqual(['dropped'])
    expect(answers('-p tcp -m tcp --tcp-flags FIN FIN', IN, 'OUTPUT')).toEqual(['forwarded'])
  })

  it('two rules of one answer that ask the same get the same', () => {
    const output =
      '-A OUTPUT -p tcp -m tcp --tcp-flags RST RST -j MARK --set-mark 0x1\n-A OUTPUT -p tcp -m tcp --tcp-flags SYN SYN -j MARK --set-mark 0x2'
    const marks = replies(tinyNode({mangle: output}), IN).map(reply => reply?.packet.mark)
    expect(marks.sort()).toEqual([1, 2])
  })

  it('node: nothing answers a RST', () => {
    expect(replies(tinyNode(), {...IN, tcpFlags: 'RST'})).toEqual([null])
    expect(replies(tinyNode(), {...IN, tcpFlags: 'RST,ACK'})).toEqual([null])
  })

  it.each([
    [PING, 0],
    [{...PING, icmpType: 13}, 14],
    [{...PING, icmpType: 15}, 16],
    [{...PING, icmpType: 17}, 18],
    [PING_NODE, 0],
    [{...PING_NODE, icmpType: 13}, 14],
  ])('ICMP %j is answered by type %i', (flow, type) => {
    expect(
      answers(`-p icmp -m icmp --icmp-type ${type}`, flow, flow['dst'] === '10.0.0.2' ? 'OUTPUT' : 'FORWARD'),
    ).toEqual(['dropped'])
  })

  it.each([
    {...PING, icmpType: 0},
    {...PING, icmpType: 3},
    {...PING_NODE, icmpType: 15},
    {...PING_NODE, icmpType: 17},
    {...PING, proto: 'gre'},
    {src: '2001:db8:9::9', dst: '2001:db8::2', proto: 'icmpv6', icmpType: 135},
  ])('nothing is walked back for %j', flow => {
    expect(replies(tinyNode(), flow)).toEqual([null])
  })

  it.each([
    ['udp', {...OUT, proto: 'udp'}, 'udp 8.8.8.8:443 → 10.0.9.9:4000'],
    ['sctp', {...OUT, proto: 'sctp'}, 'sctp 8.8.8.8:443 → 10.0.9.9:4000'],
    ['an open source port', {...OUT, sport: null}, 'tcp 8.8.8.8:443 → 10.0.9.9:*'],
    [
      'ICMPv6',
      {src: '2001:db8:9::9', dst: '2001:db8:ffff::8', proto: 'icmpv6'},
      'ipv6-icmp 2001:db8:ffff::8 → 2001:db8:9::9',
    ],
  ])('%s: source and destination change sides', (_, flow, expected) => {
    const [reply] = replies(tinyNode(), flow)
    expect(reply && packetText(reply.packet)).toBe(expected)
    expect(reply?.disposition).toBe('forwarded')
  })

  it('a broadcast is answered over UDP alone, from an address that the kernel picks', () => {
    const broadcast = {src: '10.0.0.7', dst: '10.0.0.255', iif: 'eth0'}
    const [reply] = replies(tinyNode(), {...broadcast, proto: 'udp', sport: 68, dport: 67})
    expect(reply && packetText(reply.packet)).toBe('udp 10.0.0.2:67 → 10.0.0.7:68')
    expect(replies(tinyNode(), {...broadcast, proto: 'icmp'})).toEqual([null])
  })

  it('has no mark, but for fwmark_reflect on what the kernel itself answers', () => {
    const markOf = (flow: FlowWords, ...lines: string[]): number | undefined =>
      replies(tinyNode({}, {'sysctl.txt': ['net.ipv4.ip_forward = 1', ...lines].join('\n')}), {...flow, mark: 9})[0]
        ?.packet.mark
    expect(markOf(PING_NODE)).toBe(0)
    expect(markOf(PING_NODE, 'net.ipv4.fwmark_reflect = 1')).toBe(9)
    expect(markOf({...IN, proto: 'udp'}, 'net.ipv4.fwmark_reflect = 1')).toBe(0)
    expect(markOf(PING, 'net.ipv4.fwmark_reflect = 1')).toBe(0)
  })

  it('comes back by the device the packet left, with TTL 64', () => {
    expect(answers('-i eth0 -m ttl --ttl-eq 63', OUT)).toEqual(['dropped'])
    expect(answers('-i eth0 -o veth0', {...OUT, dst: '10.0.1.9'})).toEqual(['forwarded'])
    expect(answers('-i eth1 -o veth0', {...OUT, dst: '10.0.1.9'})).toEqual(['dropped'])
  })

  it('bears the MAC of the next hop that sent it', () => {
    const rules = {mangle: '-A FORWARD -i eth0 -m mac --mac-source 0a:ff:00:00:00:01 -j DROP'}
    const neighbours = {
      'ip-neigh.txt':
        '10.0.0.1 dev eth0 lladdr 0a:ff:00:00:00:01 REACHABLE\n10.0.0.9 dev eth0 lladdr 0a:ff:00:00:00:01 REACHABLE\n10.0.0.8 dev eth0 lladdr 0a:ff:00:00:00:02 STALE',
    }
    const reply = (dst: string): string | undefined =>
      replies(tinyNode(rules, neighbours), {...OUT, dst})[0]?.disposition
    expect(reply('8.8.8.8')).toBe('dropped')
    expect(reply('10.0.0.9')).toBe('dropped')
    expect(reply('10.0.0.8')).toBe('forwarded')
  })

  it('is not walked with --brief, nor for what does not arrive', () => {
    expect(explainWords(tinyNode(), OUT, {steps: false}).explanation.outcomes[0]).not.toHaveProperty('reply')
    expect(replies(tinyNode({filter: '-A FORWARD -j DROP'}), OUT)).toEqual([null])
  })
})
