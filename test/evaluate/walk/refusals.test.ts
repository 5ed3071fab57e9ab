import type {NodeState} from '../../../src/model/index.js'
import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {tinyNode} from '../../support/tinyNode.js'

const IN: FlowWords = {src: '9.9.9.9', dst: '10.0.9.9', proto: 'udp', sport: 4000, dport: 80, iif: 'eth0'}
const IN6: FlowWords = {
  src: '2001:db8:ffff::8',
  dst: '2001:db8:9::9',
  proto: 'udp',
  sport: 4000,
  dport: 80,
  iif: 'eth0',
}
const OWN: FlowWords = {src: '10.0.0.2', dst: '8.8.8.8', proto: 'udp', sport: 4000, dport: 53}
const OWN6: FlowWords = {src: '2001:db8::2', dst: '2001:db8:ffff::8', proto: 'udp', sport: 4000, dport: 53}

const sysctl = (...lines: string[]): NodeState =>
  tinyNode({}, {'sysctl.txt': ['net.ipv4.ip_forward = 1', 'net.ipv6.conf.all.forwarding = 1', ...lines].join('\n')})
const routes = (...lines: string[]): NodeState =>
  tinyNode(
    {},
    {'ip-route.txt': ['default via 10.0.0.1 dev eth0', '10.0.9.9 dev veth0 scope link', ...lines].join('\n')},
  )

/** What the kernel refuses outside of netfilter: reason, and the step that says so. */
describe('refused by the stack', () => {
  it.each<[string, FlowWords, string, string, NodeState?]>([
    // ip6_rcv_core: before any hook
    [
      '::1 from a wire',
      {...IN6, src: '::1'},
      'dropped MARTIAN_SOURCE',
      'arrival: no packet on a wire has this source: dropped before any rule',
    ],
    [
      'from a group',
      {...IN6, src: 'ff02::5'},
      'dropped MARTIAN_SOURCE',
      'arrival: no packet on a wire has this source: dropped before any rule',
    ],
    [
      'to ::1 from a wire',
      {...IN6, dst: '::1'},
      'dropped MARTIAN_DESTINATION',
      'arrival: no packet on a wire has this destination: dropped before any rule',
    ],
    [
      'to a group of scope 0',
      {...IN6, dst: 'ff00::5'},
      'dropped MARTIAN_DESTINATION',
      'arrival: no packet on a wire has this destination: dropped before any rule',
    ],
    [
      'to a group of the interface',
      {...IN6, dst: 'ff01::1'},
      'dropped MARTIAN_DESTINATION',
      'arrival: no packet on a wire has this destination: dropped before any rule',
    ],
    // ip6_forward
    [
      'IPv6 that is not forwarded',
      IN6,
      'unroutable FORWARDING_DISABLED',
      'routing: forwarding is off (net.ipv6.conf.all.forwarding = 0)',
      sysctl('net.ipv6.conf.all.forwarding = 0'),
    ],
    [
      'from :: onward',
      {...IN6, src: '::'},
      'unroutable INVALID_SOURCE',
      'routing: a packet from this source is not forwarded',
    ],
    [
      'from a link-local address onward',
      {...IN6, src: 'fe80::7'},
      'unroutable INVALID_SOURCE',
      'routing: a packet from this source is not forwarded',
    ],
    [
      'IPv6 at the end of its life',
      {...IN6, ttl: 1},
      'unroutable TTL_EXCEEDED',
      'forwarding: the TTL is 1: time exceeded (ICMPv6 3/0), before FORWARD',
    ],
    // ip_route_input_slow
    [
      'from a group (IPv4)',
      {...IN, src: '224.0.0.5'},
      'dropped MARTIAN_SOURCE',
      'routing: a multicast or broadcast address as source',
    ],
    [
      'from the broadcast address',
      {...IN, src: '255.255.255.255'},
      'dropped MARTIAN_SOURCE',
      'routing: a multicast or broadcast address as source',
    ],
    ['from 0.0.0.0/8', {...IN, src: '0.1.2.3'}, 'dropped MARTIAN_SOURCE', 'routing: a source in 0.0.0.0/8'],
    ['from 0.0.0.0 to a host', {...IN, src: '0.0.0.0'}, 'dropped MARTIAN_SOURCE', 'routing: a source in 0.0.0.0/8'],
    ['to 0.0.0.0/8', {...IN, dst: '0.1.2.3'}, 'dropped MARTIAN_DESTINATION', 'routing: a destination in 0.0.0.0/8'],
    [
      'to 127.0.0.0/8',
      {...IN, dst: '127.0.0.1'},
      'dropped MARTIAN_DESTINATION',
      'routing: 127.0.0.0/8 from eth0 needs route_localnet',
    ],
    [
      'from 127.0.0.0/8',
      {...IN, src: '127.0.0.1'},
      'dropped MARTIAN_SOURCE',
      'routing: 127.0.0.0/8 from eth0 needs route_localnet',
    ],
    [
      'to where a route of type anycast leads',
      {...IN, dst: '10.7.0.1'},
      'dropped MARTIAN_DESTINATION',
      'routing: a route of type anycast takes no packets from a wire',
      routes('anycast 10.7.0.1 dev eth0'),
    ],
    [
      'IPv4 that is not forwarded',
      IN,
      'unroutable FORWARDING_DISABLED',
      'routing: forwarding is off on eth0 (ip_forward = 0)',
      sysctl('net.ipv4.ip_forward = 0'),
    ],
    [
      'without a route where nothing is forwarded',
      {...IN, dst: '99.0.0.1'},
      'unroutable FORWARDING_DISABLED',
      'routing: no route, and forwarding is off on eth0',
      tinyNode({}, {'ip-route.txt': '10.0.9.9 dev veth0 scope link', 'sysctl.txt': 'net.ipv4.ip_forward = 0'}),
    ],
    [
      'IPv4 at the end of its life',
      {...IN, ttl: 1},
      'unroutable TTL_EXCEEDED',
      'forwarding: the TTL is 1: time exceeded (ICMP 11/0), before FORWARD',
    ],
    // ip_route_output_key_hash_rcu
    [
      'own packet from a group',
      {...OWN, src: '224.0.0.5', iif: 'lo'},
      'unroutable INVALID_SOURCE',
      'routing: no packet may have this source',
    ],
    [
      'own packet from the broadcast address',
      {...OWN, src: '255.255.255.255', iif: 'lo'},
      'unroutable INVALID_SOURCE',
      'routing: no packet may have this source',
    ],
    [
      'own packet from 0.0.0.0/8',
      {...OWN, src: '0.1.2.3', iif: 'lo'},
      'unroutable INVALID_SOURCE',
      'routing: no packet may have this source',
    ],
    [
      'own packet from a stranger',
      {...OWN, src: '10.9.9.9', iif: 'lo'},
      'unroutable INVALID_SOURCE',
      'routing: a socket cannot be bound to this source: it is not an address of the node',
    ],
    [
      'own packet to 0.0.0.0/8',
      {...OWN, dst: '0.1.2.3'},
      'unroutable MARTIAN_DESTINATION',
      'routing: 0.0.0.0/8 is no destination',
    ],
    [
      'own packet from 127.0.0.1 by a real device',
      {...OWN, src: '127.0.0.1'},
      'unroutable MARTIAN_SOURCE',
      'routing: 127.0.0.0/8 does not leave by eth0 without route_localnet',
    ],
    [
      'own packet from 127.0.0.1 to everybody',
      {...OWN, src: '127.0.0.1', dst: '255.255.255.255', oif: 'eth1'},
      'unroutable MARTIAN_SOURCE',
      'routing: 127.0.0.0/8 does not leave by eth1 without route_localnet',
    ],
    // tcp_v4_connect, tcp_v6_connect, ip6_datagram_connect
    [
      'TCP to a group',
      {...OWN, proto: 'tcp', dst: '224.0.0.5'},
      'unroutable NOT_FORWARDABLE',
      'routing: no TCP connection to a broadcast or multicast address',
    ],
    [
      'TCP to the broadcast address of a subnet',
      {...OWN, proto: 'tcp', dst: '10.0.0.255'},
      'unroutable NOT_FORWARDABLE',
      'routing: no TCP connection to a broadcast or multicast address',
    ],
    [
      'own IPv6 packet from a stranger',
      {...OWN6, src: '2001:db8::77', iif: 'lo'},
      'unroutable INVALID_SOURCE',
      'routing: a socket cannot be bound to this source: it is not an address of the node',
    ],
    [
      'TCP to a link-local address of no device',
      {...OWN6, proto: 'tcp', dst: 'fe80::1'},
      'unroutable MARTIAN_DESTINATION',
      'routing: a TCP connection to a link-local address needs a device',
    ],
  ])('%s', (_, flow, expected, step, node = tinyNode()) => {
    const [outcome, ...others] = explainWords(node, flow).explanation.outcomes
    expect(others).toEqual([])
    expect(`${outcome?.disposition} ${outcome?.reason}`).toBe(expected)
    const last = outcome?.steps?.at(-1)
    expect(last).toMatchObject({kind: 'forwarding', target: outcome?.reason})
    expect(`${last?.stage}: ${last?.effect}`).toBe(step)
    const brief = explainWords(node, flow, {steps: false}).explanation.outcomes
    expect(brief.map(({disposition, reason}) => `${disposition} ${reason}`)).toEqual([expected])
    expect(brief[0]).not.toHaveProperty('steps')
  })

  it.each<[string, FlowWords, NodeState?]>([
    ['from :: and back by the device it came in by', {...IN6, src: 'fe80::7', dst: '2001:db8::77'}],
    ['UDP to a link-local address by its route', {...OWN6, dst: 'fe80::1'}],
    ['TCP to a link-local address of a device', {...OWN6, proto: 'tcp', dst: 'fe80::1', src: null, oif: 'eth0'}],
    [
      'own 127.0.0.1 with route_localnet of the device',
      {...OWN, src: '127.0.0.1'},
      sysctl('net.ipv4.conf.eth0.route_localnet = 1'),
    ],
    [
      'own 127.0.0.1 with route_localnet of all',
      {...OWN, src: '127.0.0.1'},
      sysctl('net.ipv4.conf.all.route_localnet = 1'),
    ],
    [
      'IPv6 by force_forwarding of the device',
      IN6,
      sysctl('net.ipv6.conf.all.forwarding = 0', 'net.ipv6.conf.eth0.force_forwarding = 1'),
    ],
    ['IPv6 without a sysctl: taken as forwarding', IN6, tinyNode({}, {'sysctl.txt': null})],
  ])('… but not %s', (_, flow, node = tinyNode()) => {
    expect(explainWords(node, flow).explanation.outcomes.map(({disposition}) => disposition)).toEqual(['forwarded'])
  })

  it.each<[string, FlowWords]>([
    ['224.0.0.1', {...IN, dst: '224.0.0.1'}],
    ['ff02::1', {...IN6, dst: 'ff02::1'}],
    ['DHCP from 0.0.0.0 to everybody', {...IN, src: '0.0.0.0', dst: '255.255.255.255'}],
    ['0.0.0.0 to 0.0.0.0', {...IN, src: '0.0.0.0', dst: '0.0.0.0'}],
    ['the broadcast address of a subnet', {...IN, src: '10.0.0.7', dst: '10.0.0.255'}],
    ['::1 over lo', {...OWN6, src: '::1', dst: '::1'}],
  ])('… nor %s, which is delivered', (_, flow) => {
    expect(explainWords(tinyNode(), flow).explanation.outcomes.map(({disposition}) => disposition)).toEqual([
      'delivered',
    ])
  })

  it.each<[string, FlowWords, string, string]>([
    [
      '239.0.0.5',
      {...IN, dst: '239.0.0.5'},
      'unroutable NOT_FORWARDABLE',
      'routing: multicast is not forwarded: no multicast routing daemon',
    ],
    [
      'ff05::5',
      {...IN6, dst: 'ff05::5'},
      'dropped NOT_FORWARDABLE',
      'routing: multicast is not forwarded: no multicast routing daemon',
    ],
  ])('a group that the node may have joined: %s', (_, flow, expected, step) => {
    const {outcomes} = explainWords(tinyNode(), flow).explanation
    expect(outcomes.map(({disposition, reason, conditions}) => [`${disposition} ${reason}`, ...conditions])).toEqual([
      ['delivered null', 'if the node has joined the multicast group on the device'],
      [expected, 'unless the node has joined the multicast group on the device'],
    ])
    expect(outcomes[1]?.steps?.at(-1)).toMatchObject({kind: 'forwarding', target: 'NOT_FORWARDABLE'})
    expect(`${outcomes[1]?.steps?.at(-1)?.stage}: ${outcomes[1]?.steps?.at(-1)?.effect}`).toBe(step)
  })
})
