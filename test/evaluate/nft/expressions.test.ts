import type {NodeState} from '../../../src/model/index.js'
import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {tinyNode} from '../../support/tinyNode.js'

const UDP: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'udp', sport: 4000, dport: 53, mark: 0x12345}
const TCP: FlowWords = {...UDP, proto: 'tcp'}
const OPEN: FlowWords = {...UDP, dport: null}
const PING: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'icmp'}
const UDP6: FlowWords = {
  src: '2001:db8:9::9',
  dst: '2001:db8:ffff::8',
  proto: 'udp',
  sport: 4000,
  dport: 53,
  mark: 0x12345,
}
const PING6: FlowWords = {src: '2001:db8:9::9', dst: '2001:db8:ffff::8', proto: 'icmpv6'}
const IN: FlowWords = {src: '9.9.9.9', dst: '10.0.9.9', proto: 'udp', sport: 4000, dport: 53, iif: 'eth0'}

/** Rules of a chain that sees what comes from the pod, and of what hook and device is said. */
function nodeWith(rules: readonly string[], hook = 'forward', sets = ''): NodeState {
  const lines = rules.map(rule => `\t\t${rule}`).join('\n')
  const nft = `table inet t {\n${sets}\tchain c {\n\t\ttype filter hook ${hook} priority -150; policy accept;\n${lines}\n\t}\n}\n`
  return tinyNode({}, {'nft-ruleset.txt': nft})
}

const there = (node: NodeState, flow: FlowWords) => explainWords(node, flow, {steps: false}).explanation.outcomes

/** Is a match true of the packet, false, or open? */
function truth(match: string, flow: FlowWords, hook = 'forward'): string {
  const ends = there(nodeWith([`${match} drop`], hook), flow).map(({disposition}) => disposition)
  return ends.length > 1 ? 'open' : ends[0] === 'dropped' ? 'true' : 'false'
}

/** What the mark becomes; several where it branches. */
const marks = (expression: string, flow: FlowWords): string =>
  there(nodeWith([`meta mark set ${expression}`]), flow)
    .map(({packet, probability}) => `${probability === 1 ? '' : `${probability} `}0x${packet.mark.toString(16)}`)
    .sort()
    .join(', ')

describe('a match of nft', () => {
  it.each<[string, FlowWords, string]>([
    ['udp dport 53', UDP, 'true'],
    ['udp dport 53', TCP, 'false'],
    ['udp dport 50-53', UDP, 'true'],
    ['udp dport 54-60', UDP, 'false'],
    ['udp dport != 53', UDP, 'false'],
    ['udp dport 53', OPEN, 'open'],
    ['udp dport 0-65535', OPEN, 'true'],
    ['udp dport { 53, 54 }', UDP, 'true'],
    ['udp dport { 54, 60-70 }', UDP, 'false'],
    ['th dport 53', TCP, 'true'],
    ['ip saddr 10.0.9.0-10.0.9.9', UDP, 'true'],
    ['ip saddr 10.0.9.10-10.0.9.20', UDP, 'false'],
    ['ip6 saddr 2001:db8:9::-2001:db8:9::9', UDP6, 'true'],
    ['ip6 saddr 2001:db8:9::a-2001:db8:9::f', UDP6, 'false'],
    ['ip saddr 10.0.9.9', UDP6, 'false'],
    ['ip saddr & 255.255.0.0 == 10.0.0.0', UDP, 'true'],
    ['ip6 saddr & ffff:ffff:: == 2001:db8::', UDP6, 'true'],
    ['ip6 saddr & ffff:ffff:ffff:: == 2001:db8::', UDP6, 'false'],
    ['iifname "veth0"', UDP, 'true'],
    ['iifname "veth*"', UDP, 'true'],
    ['iifname "eth*"', UDP, 'false'],
    ['meta mark 0x12345', UDP, 'true'],
    ['meta mark & 0xff == 0x45', UDP, 'true'],
    ['meta mark & 0xff == 0x44', UDP, 'false'],
    ['meta mark and 0xff00 == 0x2300', UDP, 'true'],
    ['meta mark | 0xff == 0x123ff', UDP, 'true'],
    ['meta mark ^ 0x1 == 0x12344', UDP, 'true'],
    ['meta mark 0x10000-0x20000', UDP, 'true'],
    ['meta l4proto { tcp, udp }', UDP, 'true'],
    ['meta l4proto icmp', UDP, 'false'],
    ['meta nfproto ipv4', UDP, 'true'],
    ['meta nfproto ipv6', UDP, 'false'],
    ['ip protocol udp', UDP, 'true'],
    ['icmp type echo-request', PING, 'true'],
    ['icmp type echo-reply', PING, 'false'],
    ['icmp type echo-request', UDP, 'false'],
    ['icmpv6 type echo-request', PING6, 'true'],
    ['icmpv6 type echo-request', PING, 'false'],
    // whole packets: no fragment, though "don't fragment" may be set
    ['ip frag-off & 0x1fff != 0x0', UDP, 'false'],
    ['ip frag-off & 0x1fff == 0x0', UDP, 'true'],
    ['ip frag-off & 0x4000 != 0x0', UDP, 'open'],
    // 28 bytes at least
    ['meta length < 28', UDP, 'false'],
    ['meta length >= 28', UDP, 'true'],
    ['meta length > 1000', UDP, 'open'],
    ['meta length 0-28', UDP, 'open'],
  ])('`%s`', (match, flow, expected) => {
    expect(truth(match, flow)).toBe(expected)
  })

  it('twice of the same is asked once', () => {
    const node = nodeWith(['meta length > 1000 meta mark set 0x1', 'meta length > 1000 drop'])
    expect(
      there(node, UDP)
        .map(({disposition, packet}) => `${disposition} ${packet.mark}`)
        .sort(),
    ).toEqual(['dropped 1', `forwarded 74565`])
  })

  it('what is left of an open length is remembered', () => {
    const node = nodeWith(['meta length > 1000 accept', 'meta length > 1500 drop'])
    expect(there(node, UDP).map(({disposition}) => disposition)).toEqual(['forwarded'])
  })
})

/** Computed with Jenkins' hash over the registers, in another language: nft_jhash_eval. */
describe('jhash … mod 1000 seed 0xbeef', () => {
  it.each<[string, number, FlowWords?]>([
    ['ip saddr', 255],
    ['ip daddr', 542],
    ['udp sport', 967],
    ['udp dport', 480],
    ['meta mark', 465],
    ['meta l4proto', 163],
    ['ip protocol', 163],
    ['ip saddr . udp dport', 845],
    ['ip saddr . ip daddr', 248],
    ['ip saddr . meta l4proto . udp dport', 76],
    ['ip6 saddr', 744, UDP6],
    ['ip6 daddr', 988, UDP6],
    ['ip6 saddr . udp dport', 821, UDP6],
  ])('%s', (key, expected, flow = UDP) => {
    expect(marks(`jhash ${key} mod 1000 seed 0xbeef`, flow)).toBe(`0x${expected.toString(16)}`)
    expect(marks(`jhash ${key} mod 1000 seed 0xbeef offset 7`, flow)).toBe(`0x${(expected + 7).toString(16)}`)
  })

  it.each([
    ['without a seed it is drawn when the rule is made', 'jhash ip saddr mod 2', UDP],
    ['of an open port', 'jhash udp dport mod 2 seed 0xbeef', OPEN],
    ['symhash has a secret', 'symhash mod 2', UDP],
  ])('%s', (_, expression, flow) => {
    expect(marks(expression, flow)).toBe('0.5 0x0, 0.5 0x1')
  })

  it('ends the rule where the packet has no such field', () => {
    expect(marks('jhash ip6 saddr mod 1000 seed 0xbeef', UDP)).toBe('0x12345')
  })
})

describe('numgen', () => {
  it('random: each value alike', () => {
    expect(marks('numgen random mod 4 offset 8', UDP)).toBe('0.25 0x8, 0.25 0x9, 0.25 0xa, 0.25 0xb')
    const drops = there(nodeWith(['numgen random mod 10 < 3 drop']), UDP)
    expect(drops.map(({disposition, probability}) => `${disposition} ${probability}`).sort()).toEqual([
      'dropped 0.3',
      'forwarded 0.7',
    ])
  })

  it.each([
    ['numgen random mod 10 offset 5 < 5', 'false'],
    ['numgen random mod 10 offset 5 > 4', 'true'],
    ['meta random & 0x7fffffff >= 0', 'true'],
  ])('`%s` is %s, whatever is drawn', (match, expected) => {
    expect(truth(match, UDP)).toBe(expected)
  })

  it('inc: any may be next, by no chance', () => {
    const [one] = there(nodeWith(['numgen inc mod 2 0 drop']), UDP)
    expect(one?.probability).toBe(1)
    expect(one?.conditions).toHaveLength(1)
  })
})

describe('fib', () => {
  it.each<[string, FlowWords, string, string?]>([
    ['fib daddr type local', {...IN, dst: '10.0.0.2'}, 'true', 'prerouting'],
    ['fib daddr type local', IN, 'false', 'prerouting'],
    ['fib saddr type unicast', IN, 'true', 'prerouting'],
    ['fib saddr type local', {...IN, src: '10.0.0.2'}, 'true', 'prerouting'],
    ['fib daddr type broadcast', {...IN, src: '10.0.0.7', dst: '10.0.0.255'}, 'true', 'prerouting'],
    ['fib daddr . iif type local', {...IN, dst: '10.0.0.2'}, 'true', 'prerouting'],
    ['fib daddr . iif type local', {...IN, dst: '10.0.1.2'}, 'false', 'prerouting'],
    ['fib daddr . oif type local', UDP, 'false', 'forward'],
    // the strict reverse path, and the loose one
    ['fib saddr . iif oif "eth0"', IN, 'true', 'prerouting'],
    ['fib saddr . iif oif "eth0"', {...IN, iif: 'eth1'}, 'false', 'prerouting'],
    ['fib saddr . iif oif exists', IN, 'true', 'prerouting'],
    ['fib saddr . iif oif missing', {...IN, iif: 'eth1'}, 'true', 'prerouting'],
    ['fib saddr oif exists', {...IN, iif: 'eth1'}, 'true', 'prerouting'],
    ['fib saddr oif "eth0"', {...IN, iif: 'eth1'}, 'true', 'prerouting'],
    ['fib daddr oif "veth0"', IN, 'true', 'prerouting'],
    ['fib saddr . iif oif exists', {...IN, src: '0.0.0.0', dst: '255.255.255.255', iif: 'eth1'}, 'true', 'prerouting'],
    ['fib daddr type local', {...UDP6, dst: '2001:db8::2'}, 'true', 'prerouting'],
    ['fib daddr type unicast', UDP6, 'true', 'prerouting'],
    ['fib saddr . iif oif exists', UDP6, 'true', 'prerouting'],
    ['fib saddr . iif oif missing', {...UDP6, iif: 'eth1'}, 'true', 'prerouting'],
  ])('`%s`', (match, flow, expected, hook = 'forward') => {
    expect(truth(match, flow, hook)).toBe(expected)
  })
})

describe('reject', () => {
  it.each<[string, FlowWords, string | null]>([
    ['reject', UDP, 'icmp-port-unreachable'],
    ['reject', UDP6, 'icmp6-port-unreachable'],
    ['reject with icmp host-unreachable', UDP, 'icmp-host-unreachable'],
    ['reject with icmp host-unreachable', UDP6, null],
    ['reject with icmpv6 no-route', UDP6, 'icmp6-no-route'],
    ['reject with icmpv6 no-route', UDP, null],
    ['reject with icmpx port-unreachable', UDP, 'icmp-port-unreachable'],
    ['reject with icmpx port-unreachable', UDP6, 'icmp6-port-unreachable'],
    ['reject with icmpx no-route', UDP, 'icmp-net-unreachable'],
    ['reject with icmpx no-route', UDP6, 'icmp6-no-route'],
    ['reject with icmpx host-unreachable', UDP, 'icmp-host-unreachable'],
    ['reject with icmpx host-unreachable', UDP6, 'icmp6-addr-unreachable'],
    ['reject with icmpx admin-prohibited', UDP, 'icmp-admin-prohibited'],
    ['reject with icmpx admin-prohibited', UDP6, 'icmp6-adm-prohibited'],
    ['reject with tcp reset', TCP, 'tcp-reset'],
    ['reject with tcp reset', UDP, null],
  ])('`%s`', (rule, flow, expected) => {
    const [outcome] = explainWords(nodeWith([`iifname "veth0" ${rule}`]), flow).explanation.outcomes
    expect(outcome?.disposition).toBe(expected === null ? 'forwarded' : 'rejected')
    const answer = outcome?.steps?.find(({kind}) => kind === 'reject-answer')
    expect(answer?.target ?? null).toBe(expected)
  })

  it('of IPv4 that may be of both, as nft 1.0.6 lists a plain one', () => {
    const seen = there(nodeWith(['reject with icmp port-unreachable']), UDP6)
    expect(seen.map(({disposition, conditions}) => [disposition, ...conditions])).toEqual([
      ['rejected', 'if the `reject` of c rule 1 is for IPv6 too (nft lists two kinds alike)'],
      ['forwarded', 'unless the `reject` of c rule 1 is for IPv6 too (nft lists two kinds alike)'],
    ])
  })
})
