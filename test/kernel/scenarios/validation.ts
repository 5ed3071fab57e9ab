import {inBothFamilies, ping, tcp, udp, V4, V6} from './families.js'
import type {Scenario} from './scenario.js'

const MARTIAN = 'dropped silent'
const NAT_NODE_PORT = [
  '-A PREROUTING -d 10.20.1.10 -p tcp --dport 1 -j DNAT --to-destination 10.20.0.51',
  '-A PREROUTING -d 10.20.1.10 -p tcp --dport 2 -j DNAT --to-destination 10.20.0.52',
]

/** What the kernel refuses before any rule of filter sees it. */
export const VALIDATION: readonly Scenario[] = [
  {
    name: 'rp-filter-after-dnat',
    fact: 'strict source validation looks up the way back from the address after DNAT',
    node: V4.make({
      rules: ['pref 100 from 10.20.0.52 lookup 2'],
      sysctl: {'net.ipv4.conf.all.rp_filter': '1'},
      save: {nat: NAT_NODE_PORT},
    }),
    cases: [
      {flow: tcp(V4.client, V4.node1, 1, {iif: 'eth1'}), expect: MARTIAN},
      {
        flow: tcp(V4.client, V4.node1, 2, {iif: 'eth1'}),
        expect: 'forwarded enib 203.0.113.9:40000>10.20.0.52:2 reply forwarded eth1',
      },
      {flow: tcp(V4.client, V4.node1, 3, {iif: 'eth1'}), expect: MARTIAN},
      {flow: tcp(V4.client, V4.node1, 3, {iif: 'eth0'}), expect: 'delivered *'},
    ],
  },
  {
    name: 'v6-no-source-validation',
    fact: 'IPv6 has no rp_filter: the way back does not matter',
    node: V6.make({rules: [`pref 100 from ${V6.podB} lookup 2`]}),
    cases: [
      {flow: tcp(V6.client, V6.podA, 1, {iif: 'eth1'}), expect: 'forwarded enia * reply forwarded eth0'},
      {flow: tcp(V6.podA, V6.podB, 1, {iif: 'eth1'}), expect: 'forwarded enib * reply forwarded eth1'},
    ],
  },
  {
    name: 'rp-filter-maximum',
    fact: 'the larger of `all` and the interface counts; loose asks for any route only',
    node: V4.make({
      sysctl: {
        'net.ipv4.conf.all.rp_filter': '1',
        'net.ipv4.conf.eth1.rp_filter': '2',
        'net.ipv4.conf.enib.rp_filter': '0',
      },
    }),
    cases: [
      {flow: tcp(V4.client, V4.podA, 1, {iif: 'eth1'}), expect: 'forwarded enia *'},
      {flow: tcp(V4.client, V4.podA, 1, {iif: 'enib'}), expect: MARTIAN},
    ],
  },
  {
    name: 'rp-filter-loose-no-route',
    fact: 'loose validation fails where no route leads back at all',
    node: V4.make({rules: ['pref 10 to 203.0.113.0/24 blackhole'], sysctl: {'net.ipv4.conf.all.rp_filter': '2'}}),
    cases: [
      {flow: tcp(V4.client, V4.podA, 1, {iif: 'eth0'}), expect: MARTIAN},
      {flow: tcp(V4.web, V4.podA, 1, {iif: 'eth0'}), expect: 'forwarded enia *'},
    ],
  },
  {
    name: 'rp-filter-without-mark',
    fact: 'the way back is looked up without the mark',
    node: V4.make({
      rules: ['pref 100 fwmark 0x1 lookup 2'],
      sysctl: {'net.ipv4.conf.all.rp_filter': '1'},
      save: {mangle: ['-A PREROUTING -i eth1 -j MARK --set-mark 0x1']},
    }),
    cases: [{flow: tcp(V4.client, V4.node1, 1, {iif: 'eth1'}), expect: MARTIAN}],
  },
  {
    name: 'rp-filter-valid-mark',
    fact: '… but with it under src_valid_mark',
    node: V4.make({
      rules: ['pref 100 fwmark 0x1 lookup 2'],
      sysctl: {'net.ipv4.conf.all.rp_filter': '1', 'net.ipv4.conf.all.src_valid_mark': '1'},
      save: {mangle: ['-A PREROUTING -i eth1 -j MARK --set-mark 0x1']},
    }),
    cases: [{flow: tcp(V4.client, V4.node1, 1, {iif: 'eth1'}), expect: 'delivered *'}],
  },
  {
    name: 'spoofed-local',
    fact: 'one of the node’s own addresses as source is a martian, rp_filter or not',
    node: V4.make({}),
    cases: [
      {flow: udp(V4.node, V4.podA, 9, {iif: 'eth0'}), expect: MARTIAN},
      {flow: udp(V4.node1, V4.node, 9, {iif: 'eth0'}), expect: MARTIAN},
      {flow: udp(V4.podB, V4.podA, 9, {iif: 'eth0'}), expect: 'forwarded enia *'},
    ],
  },
  {
    name: 'v6-spoofed-local-forwarded',
    fact: 'IPv6 forwards what claims to come from the node itself',
    node: V6.make({}),
    cases: [
      {flow: udp(V6.node, V6.podA, 9, {iif: 'eth0'}), expect: 'forwarded enia *'},
      {flow: udp(V6.node1, V6.node, 9, {iif: 'eth0'}), expect: 'delivered *'},
    ],
  },
  {
    name: 'accept-local',
    fact: 'accept_local lets such a packet in',
    node: V4.make({sysctl: {'net.ipv4.conf.eth0.accept_local': '1'}}),
    cases: [
      {flow: udp(V4.node, V4.podA, 9, {iif: 'eth0'}), expect: 'forwarded enia *'},
      {flow: udp(V4.node, V4.podA, 9, {iif: 'eth1'}), expect: MARTIAN},
    ],
  },
  {
    name: 'martian-addresses',
    fact: '127/8, multicast, broadcast and 0/8 sources, and 0.0.0.0 and 127/8 destinations, do not come in; 240/4 does',
    node: V4.make({}),
    cases: [
      {flow: udp('127.0.0.9', V4.podA, 9, {iif: 'eth0'}), expect: MARTIAN},
      {flow: udp('224.0.0.9', V4.podA, 9, {iif: 'eth0'}), expect: MARTIAN},
      {flow: udp('255.255.255.255', V4.podA, 9, {iif: 'eth0'}), expect: MARTIAN},
      {flow: udp('0.0.0.0', V4.podA, 9, {iif: 'eth0'}), expect: MARTIAN},
      {flow: udp('240.0.0.1', V4.podA, 9, {iif: 'eth0'}), expect: 'forwarded enia *'},
      {flow: udp(V4.podA, '127.0.0.1', 9), expect: MARTIAN},
      {flow: udp(V4.podA, '0.0.0.0', 9), expect: MARTIAN},
      {flow: udp(V4.podA, '240.0.0.1', 9), expect: 'forwarded eth0 *'},
    ],
  },
  {
    name: 'route-localnet',
    fact: 'route_localnet of the ingress device lets 127/8 in',
    node: V4.make({
      sysctl: {'net.ipv4.conf.enia.route_localnet': '1'},
      save: {nat: [`-A PREROUTING -d ${V4.vip} -p udp -j DNAT --to-destination 127.0.0.1`]},
    }),
    cases: [
      {flow: udp(V4.podA, '127.0.0.1', 9), expect: 'delivered *'},
      {flow: udp(V4.podA, V4.vip, 9), expect: 'delivered 10.20.0.51:40000>127.0.0.1:9'},
      {flow: udp(V4.podB, V4.vip, 9), expect: MARTIAN},
    ],
  },
  {
    name: 'v6-martian-addresses',
    fact: '::1 and multicast sources do not reach the hooks; unspecified and link-local ones are not forwarded; a v4-mapped one is, and what is sent to ::',
    node: V6.make({}),
    cases: [
      {flow: udp('::1', V6.podA, 9, {iif: 'eth0'}), expect: 'dropped/unroutable silent'},
      {flow: udp('ff02::1', V6.podA, 9, {iif: 'eth0'}), expect: 'dropped/unroutable silent'},
      {flow: udp('fe80::5', V6.podA, 9, {iif: 'eth0'}), expect: 'dropped/unroutable icmp 1/2 from *'},
      {flow: udp('::', V6.podA, 9, {iif: 'eth0'}), expect: 'dropped/unroutable silent'},
      {flow: udp('::ffff:10.1.1.1', V6.podA, 9, {iif: 'eth0'}), expect: 'forwarded enia *'},
      {flow: udp('fe80::5', V6.node, 9, {iif: 'eth0'}), expect: 'delivered *'},
      {flow: udp(V6.podA, '::1', 9), expect: 'dropped/unroutable silent'},
      {flow: udp(V6.podA, '::', 9), expect: `forwarded eth0 [${V6.podA}]:40000>[::]:9`},
    ],
  },
  {
    name: 'v6-linklocal-is-per-device',
    fact: 'a link-local destination is looked up on the ingress device only: another device’s address is sent back out',
    node: V6.make({}),
    cases: [
      {flow: udp('fe80::5', 'fe80::c00:ff:fe00:a', 9, {iif: 'enia'}), expect: 'delivered * reply forwarded enia'},
      {flow: udp('fe80::5', 'fe80::c00:ff:fe00:b', 9, {iif: 'enia'}), expect: 'forwarded enia * reply forwarded enia'},
      {flow: udp(V6.podA, 'fe80::c00:ff:fe00:b', 9), expect: 'forwarded enia *'},
    ],
  },
  {
    name: 'v6-subnet-anycast',
    fact: 'the first address of each subnet is the router’s own while forwarding is on',
    node: V6.make({}),
    cases: [
      {flow: udp(V6.podA, '2001:db8:20::', 9), expect: 'delivered *'},
      {flow: udp(V6.podA, '2001:db8:21::', 9), expect: 'delivered *'},
      {flow: ping(V6.podA, '2001:db8:20::'), expect: 'delivered *'},
    ],
  },
  {
    name: 'v6-anycast-echo-device',
    fact: 'a ping of an anycast address is answered out of the device it came in by, past a better route by another',
    node: V6.make({
      routes: [`prohibit ${V6.client} metric 1`, 'fd00:77::/64 dev eth1 metric 1', 'fd00:77::/64 dev eth0 metric 9'],
    }),
    cases: [
      {
        flow: ping(V6.client, '2001:db8:20::', {iif: 'eth0'}),
        expect: `delivered * * * reply forwarded eth0 ${V6.node}>${V6.client} *`,
      },
      {flow: ping(V6.client, V6.node, {iif: 'eth0'}), expect: 'delivered *'},
      {flow: ping('fd00:77::9', '2001:db8:20::', {iif: 'eth0'}), expect: 'delivered * * * reply forwarded eth0 *'},
      {flow: ping('fd00:77::9', V6.node, {iif: 'eth0'}), expect: 'delivered * * * reply forwarded eth1 *'},
    ],
  },
  {
    name: 'v6-same-metric-device-first',
    fact: 'of two routes of one metric a packet takes the one by its ingress device, an echo reply that of the request, others the first',
    node: V6.make({
      routes: [
        'fd00:77::/64 dev eth1 metric 5',
        'fd00:77::/64 dev eth0 metric 5',
        'prohibit fd00:78::/64 metric 5',
        'fd00:78::/64 dev eth0 metric 5',
        'fd00:79::/64 dev eth1 metric 5',
        'fd00:79::/64 dev eth0 metric 6',
      ],
    }),
    cases: [
      {flow: udp(V6.client, 'fd00:77::9', 9, {iif: 'eth0'}), expect: 'forwarded eth0 *'},
      {flow: udp(V6.client, 'fd00:77::9', 9, {iif: 'eth1'}), expect: 'forwarded eth1 *'},
      {flow: udp(V6.podA, 'fd00:77::9', 9), expect: 'forwarded eth1 *'},
      {flow: udp(V6.node, 'fd00:77::9', 9), expect: 'forwarded eth1 *'},
      {flow: udp(V6.client, 'fd00:78::9', 9, {iif: 'eth0'}), expect: 'forwarded eth0 *'},
      {flow: udp(V6.podA, 'fd00:78::9', 9), expect: 'unroutable icmp 1/1 *'},
      {flow: udp(V6.client, 'fd00:79::9', 9, {iif: 'eth0'}), expect: 'forwarded eth1 *'},
      {flow: ping('fd00:77::9', V6.node, {iif: 'eth0'}), expect: 'delivered * * * reply forwarded eth0 *'},
      {flow: ping('fd00:77::9', V6.node, {iif: 'eth1'}), expect: 'delivered * * * reply forwarded eth1 *'},
    ],
  },
  {
    name: 'v6-echo-reply-oif-rule',
    fact: 'an `oif` rule holds for an echo reply, whose lookup knows the device of the request, and for no other answer',
    node: V6.make({rules: ['pref 50 oif eth0 lookup 2'], routes: ['fd00:77::/64 dev eth1 table 2']}),
    cases: [
      {flow: ping('fd00:77::9', V6.node, {iif: 'eth0'}), expect: 'delivered * * * reply forwarded eth1 *'},
      {flow: udp('fd00:77::9', V6.node, 9, {iif: 'eth0'}), expect: 'delivered * reply forwarded eth0 *'},
      {flow: tcp('fd00:77::9', V6.node, 9, {iif: 'eth0'}), expect: 'delivered * reply forwarded eth0 *'},
    ],
  },
  {
    name: 'v6-from-rule-without-source',
    fact: 'a lookup without a source matches no `from`, be it as wide as ::/1',
    node: V6.make({rules: ['pref 50 from ::/1 prohibit'], routes: []}),
    cases: [
      {flow: udp(null, V6.web, 9), expect: 'forwarded eth0 *'},
      {flow: udp(V6.node, V6.web, 9), expect: 'unroutable *'},
    ],
  },
  {
    name: 'v6-subnet-anycast-host',
    fact: '… and an ordinary destination while it is off',
    node: V6.make({sysctl: {'net.ipv6.conf.all.forwarding': '0'}}),
    cases: [{flow: udp(V6.node, '2001:db8:20::', 9), expect: 'forwarded eth0 *'}],
  },
  {
    name: 'v6-multicast',
    fact: 'all-nodes and solicited-node groups are delivered, others are not forwarded',
    node: V6.make({}),
    cases: [
      {flow: udp(V6.podA, 'ff02::1', 9), expect: 'delivered *'},
      {flow: udp(V6.podA, 'ff02::2', 9), expect: 'delivered *'},
      {flow: udp(V6.podA, 'ff05::99', 9), expect: 'dropped/unroutable silent'},
    ],
  },
  ...inBothFamilies(
    'sgpods-strict',
    'a branch-ENI pod’s packets go out by the branch even to the node itself and to a pod next door',
    w => ({
      node: w.make({
        links: [{name: 'vlaneth1'}, {name: 'vlanpod1'}],
        neighbours: [],
        routes: [
          `${w.family === 4 ? '10.20.0.60' : '2001:db8:20:0:a::60'} dev vlanpod1 table 101`,
          w.family === 4 ? '10.20.9.1 dev vlaneth1 table 101' : 'fe80::1 dev vlaneth1 table 101',
          `default via ${w.family === 4 ? '10.20.9.1' : 'fe80::1'} dev vlaneth1 table 101${w.family === 4 ? ' onlink' : ''}`,
        ],
        rules: ['pref 10 iif vlaneth1 lookup 101', 'pref 10 iif vlanpod1 lookup 101', 'pref 20 lookup local'],
        deletedRules: ['pref 0'],
      }),
      cases: [
        {
          flow: udp(w.family === 4 ? '10.20.0.60' : '2001:db8:20:0:a::60', w.node, 9, {iif: 'vlanpod1'}),
          expect: 'forwarded vlaneth1 *',
        },
        {
          flow: udp(w.family === 4 ? '10.20.0.60' : '2001:db8:20:0:a::60', w.podA, 9, {iif: 'vlanpod1'}),
          expect: 'forwarded vlaneth1 *',
        },
        {
          flow: udp(w.client, w.family === 4 ? '10.20.0.60' : '2001:db8:20:0:a::60', 9, {iif: 'vlaneth1'}),
          expect: 'forwarded vlanpod1 *',
        },
        {
          flow: udp(w.client, w.family === 4 ? '10.20.0.60' : '2001:db8:20:0:a::60', 9, {iif: 'eth0'}),
          expect: 'forwarded eth0 *',
        },
      ],
    }),
  ),
]
