import type {LinkSpec} from '../lab/nodeSpec.js'

/** The addresses and devices that a random node, its rules and its flows are made of. */
export interface World {
  readonly family: 4 | 6
  readonly links: readonly LinkSpec[]
  /** The node's own. */
  readonly own: readonly string[]
  readonly pods: readonly {readonly address: string; readonly interface: string}[]
  readonly remote: readonly string[]
  readonly vips: readonly string[]
  /** Next hops: gateway and device. */
  readonly hops: readonly (readonly [string, string])[]
  /** Destinations of routes. */
  readonly nets: readonly string[]
  /** Prefix lengths that rules ask for. */
  readonly lengths: readonly number[]
  readonly mainRoutes: readonly string[]
  readonly neighbours: readonly string[]
  /** Addresses that flows try beside the others: loopback, multicast, subnets' first and last ones. */
  readonly odd: readonly string[]
  readonly loopback: string
  readonly ranges: readonly string[]
  readonly natRanges: readonly string[]
  readonly snatRanges: readonly string[]
  readonly netmaps: readonly string[]
  readonly icmp: 'icmp' | 'icmpv6'
  /** Values of --icmp-type or --icmpv6-type. */
  readonly icmpTypes: readonly string[]
  readonly rejects: readonly string[]
}

const POD_COUNT = 6
const podName = (i: number): string => `eni${(0xa1b2c3 + i * 7919).toString(16)}`

const PODS4 = Array.from({length: POD_COUNT}, (_, i) => ({address: `10.20.40.${10 + 5 * i}`, interface: podName(i)}))
const PODS6 = Array.from({length: POD_COUNT}, (_, i) => ({
  address: `2001:db8:20:0:a::${(2 + 3 * i).toString(16)}`,
  interface: podName(i),
}))

export const WORLD4: World = {
  family: 4,
  links: [
    {name: 'eth0', addresses: ['10.20.0.10/17 brd +', '10.20.0.99/17 brd +'], mac: '0a:00:00:00:00:10'},
    {name: 'eth1', addresses: ['10.20.1.11/17 brd +'], mac: '0a:00:00:00:01:11'},
    {name: 'eth2', addresses: ['172.20.0.1/24 brd +'], mac: '0a:00:00:00:02:01', mtu: 1500},
    {name: 'docker0', addresses: ['172.17.0.1/16 brd +'], carrier: false, mtu: 1500},
    ...PODS4.map(pod => ({name: pod.interface})),
  ],
  own: ['10.20.0.10', '10.20.0.99', '10.20.1.11', '172.20.0.1'],
  pods: PODS4,
  remote: [
    '10.20.200.5',
    '10.20.201.6',
    '10.1.2.3',
    '10.1.2.4',
    '10.9.0.1',
    '172.20.0.7',
    '198.51.100.8',
    '203.0.113.9',
  ],
  vips: ['10.100.0.1', '10.100.0.10', '10.100.7.7'],
  hops: [
    ['10.20.0.1', 'eth0'],
    ['10.20.0.1', 'eth1'],
    ['172.20.0.254', 'eth2'],
  ],
  nets: [
    'default',
    '10.0.0.0/8',
    '10.1.0.0/16',
    '10.1.2.0/24',
    '10.1.2.3',
    '198.51.100.0/24',
    '203.0.113.9',
    '10.20.200.0/23',
    '10.100.0.0/16',
    '10.20.40.0/24',
    '10.9.0.0/16',
    '100.64.0.0/10',
    '10.20.40.20',
  ],
  lengths: [32, 32, 32, 30, 24, 23, 17, 16, 8],
  mainRoutes: ['default via 10.20.0.1 dev eth0', ...PODS4.map(pod => `${pod.address} dev ${pod.interface} scope link`)],
  neighbours: [
    '10.20.0.1 lladdr 0a:ff:00:00:00:01 nud reachable dev eth0',
    ...PODS4.map((pod, i) => `${pod.address} lladdr ee:00:00:00:00:0${i} nud permanent dev ${pod.interface}`),
  ],
  odd: [
    '127.0.0.1',
    '10.20.127.255',
    '255.255.255.255',
    '10.20.0.0',
    '172.17.0.9',
    '172.17.0.1',
    '224.0.0.251',
    '169.254.169.254',
    '10.20.40.21',
    '240.1.1.1',
  ],
  loopback: '127.0.0.1',
  ranges: ['10.20.40.10-10.20.40.20', '10.1.2.3-10.1.2.3', '10.0.0.0-10.100.0.9', '10.20.0.10-10.20.1.11'],
  natRanges: ['10.20.40.10-10.20.40.12', '10.1.2.3-10.1.2.9'],
  snatRanges: ['10.20.0.10-10.20.0.13', '100.64.0.1-100.64.0.200'],
  netmaps: ['10.9.0.0/16', '100.64.3.0/24', '10.20.40.10'],
  icmp: 'icmp',
  icmpTypes: [
    'echo-request',
    'echo-reply',
    'destination-unreachable',
    'port-unreachable',
    'time-exceeded',
    'redirect',
    'timestamp-request',
    'any',
    '8',
    '8/0',
    '3/4',
    '13',
    '255',
  ],
  rejects: [
    'icmp-net-unreachable',
    'icmp-host-unreachable',
    'icmp-port-unreachable',
    'icmp-proto-unreachable',
    'icmp-net-prohibited',
    'icmp-host-prohibited',
    'icmp-admin-prohibited',
  ],
}

export const WORLD6: World = {
  family: 6,
  links: [
    {
      name: 'eth0',
      addresses: ['10.20.0.10/17 brd +', '2001:db8:20::10/64', '2001:db8:20::99/64'],
      mac: '0a:00:00:00:00:10',
    },
    {name: 'eth1', addresses: ['2001:db8:21::11/64'], mac: '0a:00:00:00:01:11'},
    {name: 'eth2', addresses: ['fd00:20::1/64'], mac: '0a:00:00:00:02:01', mtu: 1500},
    {name: 'docker0', addresses: ['fd00:17::1/64'], carrier: false, mtu: 1500},
    ...PODS6.map((pod, i) => ({name: pod.interface, mac: `0e:00:00:00:00:0${i}`})),
  ],
  own: ['2001:db8:20::10', '2001:db8:20::99', '2001:db8:21::11', 'fd00:20::1'],
  pods: PODS6,
  remote: [
    '2001:db8:200::5',
    '2001:db8:201::6',
    '2001:db8:1:2::3',
    '2001:db8:1:2::4',
    'fd00:9::1',
    'fd00:20::7',
    '2001:db8:ffff::8',
    '2a05:d000::9',
  ],
  vips: ['fd00:10:100::1', 'fd00:10:100::a', 'fd00:10:107::7'],
  hops: [
    ['fe80::1', 'eth0'],
    ['fe80::1', 'eth1'],
    ['fd00:20::fe', 'eth2'],
  ],
  nets: [
    'default',
    '2001:db8::/32',
    '2001:db8:1::/48',
    '2001:db8:1:2::/64',
    '2001:db8:1:2::3',
    '2001:db8:ffff::/48',
    '2a05:d000::9',
    '2001:db8:200::/40',
    'fd00:10::/32',
    '2001:db8:20:0:a::/80',
    'fd00:9::/64',
    'fd00::/8',
    '2001:db8:20:0:a::8',
  ],
  lengths: [128, 128, 128, 126, 96, 80, 64, 48, 32, 8],
  mainRoutes: ['default via fe80::1 dev eth0', ...PODS6.map(pod => `${pod.address} dev ${pod.interface}`)],
  neighbours: PODS6.map((pod, i) => `${pod.address} lladdr ee:00:00:00:00:0${i} nud permanent dev ${pod.interface}`),
  odd: [
    '::1',
    '2001:db8:20::',
    '2001:db8:21::',
    'ff02::1',
    'fe80::5',
    'fd00:17::9',
    'fd00:17::1',
    '2001:db8:20::77',
    '2001:db8:20:0:a::3',
    '::ffff:10.1.1.1',
    'fe80::800:ff:fe00:10',
  ],
  loopback: '::1',
  ranges: [
    '2001:db8:20:0:a::2-2001:db8:20:0:a::8',
    '2001:db8:1:2::3-2001:db8:1:2::3',
    '2001:db8::-2001:db8:ffff::9',
    '2001:db8:20::10-2001:db8:21::11',
  ],
  natRanges: ['2001:db8:20:0:a::2-2001:db8:20:0:a::5', '2001:db8:1:2::3-2001:db8:1:2::9'],
  snatRanges: ['2001:db8:20::10-2001:db8:20::13', 'fd00:64::1-fd00:64::c8'],
  netmaps: ['fd00:9::/64', 'fd00:64:3::/112', '2001:db8:20:0:a::2'],
  icmp: 'icmpv6',
  icmpTypes: [
    'echo-request',
    'echo-reply',
    'destination-unreachable',
    'port-unreachable',
    'no-route',
    'packet-too-big',
    'time-exceeded',
    'parameter-problem',
    '128',
    '128/0',
    '1/4',
    '129',
    '255',
    '133',
    'neighbour-solicitation',
  ],
  rejects: [
    'icmp6-no-route',
    'icmp6-adm-prohibited',
    'icmp6-addr-unreachable',
    'icmp6-port-unreachable',
    'icmp6-policy-fail',
    'icmp6-reject-route',
  ],
}
