import {inBothFamilies, ping, tcp, udp, V4, V6} from './families.js'
import type {Scenario} from './scenario.js'

/** The policy rules and the tables, for packets in transit. */
export const ROUTING: readonly Scenario[] = [
  ...inBothFamilies(
    'prerouting-nat-mark-routes',
    'a mark that nat PREROUTING sets counts for routing; one that FORWARD sets does not',
    w => ({
      node: w.make({
        rules: ['pref 100 fwmark 0x1 lookup 2'],
        save: {
          mangle: [`-A FORWARD -p udp --dport 2 -j MARK --set-mark 0x1`],
          nat: [
            '-A PREROUTING -p udp --dport 1 -j MARK --set-mark 0x1',
            '-A POSTROUTING -p udp --dport 3 -j MASQUERADE',
          ],
        },
      }),
      cases: [
        {flow: udp(w.podA, w.web, 1), expect: `forwarded eth1 ${w.pair(w.podA, 40000, w.web, 1)} reply forwarded enia`},
        {flow: udp(w.podA, w.web, 2), expect: 'forwarded eth0 *'},
      ],
    }),
  ),
  ...inBothFamilies(
    'nat-without-conntrack',
    'nat chains do not run while nothing in the namespace asks for connection tracking',
    w => ({
      node: w.make({
        rules: ['pref 100 fwmark 0x1 lookup 2'],
        save: {nat: ['-A PREROUTING -p udp --dport 1 -j MARK --set-mark 0x1']},
      }),
      cases: [{flow: udp(w.podA, w.web, 1), expect: 'forwarded eth0 *'}],
    }),
  ),
  ...inBothFamilies(
    'routing-between-dnat-and-snat',
    'rules see the destination after DNAT and the source before SNAT',
    w => ({
      node: w.make({
        rules: [
          `pref 90 to ${w.vip} lookup 2`,
          `pref 91 from ${w.node} lookup 2`,
          `pref 92 from ${w.podB} to ${w.web} lookup 2`,
        ],
        save: {
          nat: [
            `-A PREROUTING -d ${w.vip} -j DNAT --to-destination ${w.web}`,
            `-A POSTROUTING -s ${w.podA} -j SNAT --to-source ${w.node}`,
          ],
        },
      }),
      cases: [
        {
          flow: udp(w.podA, w.vip, 9),
          expect: `forwarded eth0 ${w.pair(w.node, 40000, w.web, 9)} reply forwarded enia ${w.pair(w.vip, 9, w.podA, 40000)}`,
        },
        {flow: udp(w.podB, w.vip, 9), expect: `forwarded eth1 ${w.pair(w.podB, 40000, w.web, 9)}`},
      ],
    }),
  ),
  ...inBothFamilies('not-rule', '`not` inverts the whole selector', w => ({
    node: w.make({rules: [`pref 100 not from ${w.podA} to ${w.web} lookup 2`]}),
    cases: [
      {flow: udp(w.podA, w.web, 9), expect: 'forwarded eth0 *'},
      {flow: udp(w.podA, w.client, 9), expect: 'forwarded eth1 *'},
      {flow: udp(w.podB, w.web, 9), expect: 'forwarded eth1 *'},
    ],
  })),
  ...inBothFamilies('equal-priority-order', 'rules of one priority are tried as listed', w => ({
    node: w.make({rules: [`pref 100 from ${w.podA} lookup 2`, `pref 100 from ${w.podA} to ${w.web} lookup main`]}),
    cases: [{flow: udp(w.podA, w.web, 9), expect: 'forwarded eth1 *'}],
  })),
  ...inBothFamilies('goto-and-nop', '`goto` jumps forward, an unresolved one and `nop` go on', w => ({
    node: w.make({
      rules: [
        `pref 100 from ${w.podA} goto 300`,
        `pref 150 from ${w.podB} goto 31000`,
        'pref 200 from all unreachable',
        'pref 300 from all nop',
        `pref 310 to ${w.web} lookup 2`,
      ],
    }),
    cases: [
      {flow: udp(w.podA, w.web, 9), expect: 'forwarded eth1 *'},
      {flow: udp(w.podA, w.client, 9), expect: 'forwarded eth0 *'},
      // silent, because the error's own way back ends at the same rule
      {flow: udp(w.podB, w.web, 9), expect: 'unroutable silent|dropped/unroutable silent'},
    ],
  })),
  ...inBothFamilies('suppress-prefixlength', 'a result of N bits or shorter does not count', w => ({
    node: w.make({rules: ['pref 100 lookup main suppress_prefixlength 0', 'pref 200 lookup 2']}),
    cases: [
      {flow: udp(w.podA, w.web, 9), expect: 'forwarded eth1 *'},
      {flow: udp(w.podA, w.podB, 9), expect: 'forwarded enib *'},
    ],
  })),
  ...inBothFamilies('suppress-ifgroup', 'a result by a device of the group does not count', w => ({
    node: w.make({
      links: [{name: 'enib', mac: '0e:00:00:00:00:0b', group: '7'}],
      rules: ['pref 100 lookup main suppress_ifgroup 7', 'pref 200 lookup 2'],
    }),
    cases: [
      {flow: udp(w.podA, w.podB, 9), expect: 'forwarded eth1 *'},
      {flow: udp(w.podA, w.web, 9), expect: 'forwarded eth0 *'},
    ],
  })),
  ...inBothFamilies(
    'iif-rules',
    'iif is the device it came in by, lo for own packets; a detached one matches nothing',
    w => ({
      node: w.make({
        rules: [
          'pref 100 iif enia lookup 2',
          'pref 101 iif gone0 unreachable',
          `pref 102 iif lo to ${w.client} lookup 2`,
        ],
      }),
      cases: [
        {flow: udp(w.podA, w.web, 9), expect: 'forwarded eth1 *'},
        {flow: udp(w.podB, w.web, 9), expect: 'forwarded eth0 *'},
        {flow: udp(w.node, w.client, 9), expect: 'forwarded eth1 *'},
        {flow: udp(w.podB, w.client, 9), expect: 'forwarded eth0 *'},
      ],
    }),
  ),
  ...inBothFamilies(
    'rule-ports',
    'ports in rules are those after DNAT, without ipproto those of any protocol that has ports',
    w => ({
      node: w.make({
        rules: ['pref 100 dport 5353 lookup 2', 'pref 101 ipproto tcp sport 1000-2000 lookup 2'],
        save: {nat: [`-A PREROUTING -p udp --dport 53 -j DNAT --to-destination ${w.at(w.web, 5353)}`]},
      }),
      cases: [
        {flow: udp(w.podA, w.web, 53), expect: `forwarded eth1 ${w.pair(w.podA, 40000, w.web, 5353)}`},
        {flow: tcp(w.podA, w.web, 5353), expect: 'forwarded eth1 *'},
        {flow: {src: w.podA, dst: w.web, proto: 'sctp', sport: 7, dport: 5353}, expect: 'forwarded eth1 *'},
        {flow: tcp(w.podA, w.web, 80, {sport: 2000}), expect: 'forwarded eth1 *'},
        {flow: udp(w.podA, w.web, 80, {sport: 2000}), expect: 'forwarded eth0 *'},
        {flow: ping(w.podA, w.web), expect: 'forwarded eth0 *'},
      ],
    }),
  ),
  ...inBothFamilies('route-types', 'blackhole is silent, unreachable and prohibit answer, throw goes on', w => {
    const [unreachable, prohibit] = w.family === 4 ? ['3/1', '3/13'] : ['1/0', '1/1']
    const to = (n: number): string => (w.family === 4 ? `192.0.2.${n}` : `2001:db8:dead::${n}`)
    return {
      node: w.make({
        rules: ['pref 100 lookup 7'],
        routes: ['blackhole', 'unreachable', 'prohibit', 'throw'].map((type, i) => `${type} ${to(i + 1)} table 7`),
      }),
      cases: [
        {flow: udp(w.podA, to(1), 9), expect: 'unroutable silent|dropped/unroutable silent'},
        {flow: udp(w.podA, to(2), 9), expect: `unroutable icmp ${unreachable} from *`},
        {flow: udp(w.podA, to(3), 9), expect: `unroutable icmp ${prohibit} from *`},
        {flow: udp(w.podA, to(4), 9), expect: 'forwarded eth0 *'},
        {flow: udp(w.node, to(1), 9), expect: 'unroutable EINVAL'},
        {flow: udp(w.node, to(2), 9), expect: 'unroutable EHOSTUNREACH'},
        {flow: udp(w.node, to(3), 9), expect: 'unroutable EACCES'},
        {flow: udp(w.node, to(4), 9), expect: 'forwarded eth0 *'},
      ],
    }
  }),
  ...inBothFamilies(
    'rule-actions',
    'an unreachable rule says net unreachable, not host unreachable as a route does',
    w => ({
      node: w.make({
        rules: ['pref 100 dport 1 blackhole', 'pref 101 dport 2 unreachable', 'pref 102 dport 3 prohibit'],
      }),
      cases: [
        {flow: udp(w.podA, w.web, 1), expect: 'unroutable silent|dropped/unroutable silent'},
        {flow: udp(w.podA, w.web, 2), expect: `unroutable icmp ${w.family === 4 ? '3/0' : '1/0'} from *`},
        {flow: udp(w.podA, w.web, 3), expect: `unroutable icmp ${w.family === 4 ? '3/13' : '1/1'} from *`},
        {flow: udp(w.node, w.web, 1), expect: 'unroutable EINVAL'},
        {flow: udp(w.node, w.web, 2), expect: 'unroutable ENETUNREACH'},
        {flow: udp(w.node, w.web, 3), expect: 'unroutable EACCES'},
      ],
    }),
  ),
  ...inBothFamilies('no-route', 'nothing found: net unreachable', w => ({
    node: w.make({
      rules: [
        `pref 100 from all to ${w.web} lookup 77`,
        `pref 101 from all to ${w.web} goto 32767`,
        'pref 32767 lookup default',
      ],
    }),
    cases: [
      {flow: udp(w.podA, w.web, 9), expect: `unroutable icmp ${w.family === 4 ? '3/0' : '1/0'} from *`},
      {flow: udp(w.node, w.web, 9), expect: 'unroutable ENETUNREACH'},
      {flow: udp(null, w.web, 9), expect: 'unroutable ENETUNREACH'},
    ],
  })),
  ...inBothFamilies('route-metric', 'the metric decides before the type', w => {
    const [a, b] = w.family === 4 ? ['192.0.2.0/25', '192.0.2.128/25'] : ['2001:db8:a::/64', '2001:db8:b::/64']
    const [toA, toB] = w.family === 4 ? ['192.0.2.1', '192.0.2.129'] : ['2001:db8:a::1', '2001:db8:b::1']
    return {
      node: w.make({
        routes: [
          `${a} via ${w.gateway1} dev eth1 metric 50`,
          `unreachable ${a} metric 40`,
          `${b} via ${w.gateway1} dev eth1 metric 50`,
          `unreachable ${b} metric 60`,
        ],
      }),
      cases: [
        {flow: udp(w.podA, toA, 9), expect: `unroutable icmp ${w.family === 4 ? '3/1' : '1/0'} from *`},
        {flow: udp(w.podA, toB, 9), expect: 'forwarded eth1 *'},
      ],
    }
  }),
  ...inBothFamilies('local-rule-late', 'a rule before the local table takes the node’s own address away', w => ({
    node: w.make({rules: ['pref 10 iif enia lookup 2', 'pref 20 lookup local'], deletedRules: ['pref 0']}),
    cases: [
      {flow: udp(w.podA, w.node, 9), expect: `forwarded eth1 ${w.pair(w.podA, 40000, w.node, 9)}`},
      {flow: udp(w.podB, w.node, 9), expect: 'delivered *'},
    ],
  })),
  ...inBothFamilies('multipath', 'each next hop may be taken', w => ({
    node: w.make({
      routes: [
        `${w.family === 4 ? '192.0.2.0/24' : '2001:db8:a::/64'} nexthop via ${w.gateway} dev eth0 weight 1 nexthop via ${w.gateway1} dev eth1 weight 3`,
      ],
    }),
    cases: [
      {
        flow: udp(w.podA, w.family === 4 ? '192.0.2.7' : '2001:db8:a::7', 9),
        expect: 'forwarded eth0 *|forwarded eth1 *',
      },
    ],
  })),
  ...inBothFamilies('forwarding-off', 'transit is dropped without a word, what is for the node is not', w => ({
    node: w.make({sysctl: {'net.ipv4.ip_forward': '0', 'net.ipv6.conf.all.forwarding': '0'}}),
    cases: [
      {flow: udp(w.podA, w.web, 9), expect: 'unroutable silent|dropped/unroutable silent'},
      {flow: udp(w.podA, w.node, 9), expect: 'delivered *'},
      {flow: udp(w.node, w.web, 9), expect: 'forwarded eth0 *'},
    ],
  })),
  ...inBothFamilies('ttl', 'a TTL of 1 ends in transit, not on the node', w => ({
    node: w.make({}),
    cases: [
      {
        flow: udp(w.podA, w.web, 9, {ttl: 1}),
        expect: `unroutable icmp ${w.family === 4 ? '11/0' : '3/0'} from ${w.node}`,
      },
      {flow: udp(w.podA, w.web, 9, {ttl: 2}), expect: 'forwarded eth0 *'},
      {flow: udp(w.podA, w.node, 9, {ttl: 1}), expect: 'delivered *'},
      {flow: udp(w.node, w.web, 9, {ttl: 1}), expect: 'forwarded eth0 *'},
    ],
  })),
  ...inBothFamilies('self-through-veth', 'a pod that talks to itself through the node gets its packet back', w => ({
    node: w.make({}),
    cases: [{flow: udp(w.podA, w.podA, 9), expect: `forwarded enia ${w.pair(w.podA, 40000, w.podA, 9)}`}],
  })),
  {
    name: 'tos-mask',
    fact: 'tos of rules and routes is compared with the packet’s TOS & 0x1c',
    node: V4.make({
      rules: ['pref 100 tos 0x10 to 198.51.100.80 lookup 2'],
      routes: ['192.0.2.1 tos 0x10 via 10.20.1.1 dev eth1'],
    }),
    cases: [
      {flow: udp(V4.podA, V4.web, 9, {dscp: 4}), expect: 'forwarded eth1 *'},
      {flow: udp(V4.podA, V4.web, 9, {dscp: 0x24}), expect: 'forwarded eth1 *'},
      {flow: udp(V4.podA, V4.web, 9, {dscp: 0x2e}), expect: 'forwarded eth0 *'},
      {flow: udp(V4.podA, '192.0.2.1', 9, {dscp: 0x24}), expect: 'forwarded eth1 *'},
      {flow: udp(V4.podA, '192.0.2.1', 9), expect: 'forwarded eth0 *'},
      {flow: udp(V4.node, V4.web, 9, {dscp: 0x24}), expect: 'forwarded eth1 *'},
    ],
  },
  {
    name: 'v6-rule-tos-whole-dscp',
    fact: 'an IPv6 rule compares all six DSCP bits',
    node: V6.make({rules: [`pref 100 tos 0x10 to ${V6.web} lookup 2`, `pref 101 tos 0x90 to ${V6.client} lookup 2`]}),
    cases: [
      {flow: udp(V6.podA, V6.web, 9, {dscp: 4}), expect: 'forwarded eth1 *'},
      {flow: udp(V6.podA, V6.web, 9, {dscp: 0x24}), expect: 'forwarded eth0 *'},
      {flow: udp(V6.podA, V6.client, 9, {dscp: 0x24}), expect: 'forwarded eth1 *'},
      {flow: udp(V6.node, V6.web, 9, {dscp: 4}), expect: 'forwarded eth1 *'},
    ],
  },
  {
    name: 'broadcast',
    fact: 'the subnet broadcast address and 255.255.255.255 are the node’s own; so is a multicast group only where it was joined',
    node: V4.make({}),
    cases: [
      {flow: udp(V4.podA, '10.20.0.255', 9), expect: 'delivered *'},
      {flow: udp(V4.podA, '255.255.255.255', 9), expect: 'delivered *'},
      {flow: udp(V4.podA, '10.20.0.0', 9), expect: 'forwarded eth0 *'},
    ],
  },
  {
    name: 'linkdown-used',
    fact: 'a route over a link without carrier is used all the same',
    node: V4.make({links: [{name: 'docker0', addresses: ['172.17.0.1/16 brd +'], carrier: false}]}),
    cases: [
      {flow: udp(V4.podA, '172.17.0.9', 9), expect: 'forwarded docker0 *'},
      {flow: udp(V4.podA, '172.17.0.1', 9), expect: 'delivered *'},
    ],
  },
  {
    name: 'linkdown-ignored',
    fact: '… unless ignore_routes_with_linkdown',
    node: V4.make({
      links: [{name: 'docker0', addresses: ['172.17.0.1/16 brd +'], carrier: false}],
      sysctl: {
        'net.ipv4.conf.all.ignore_routes_with_linkdown': '1',
        'net.ipv4.conf.docker0.ignore_routes_with_linkdown': '1',
      },
    }),
    cases: [
      {flow: udp(V4.podA, '172.17.0.9', 9), expect: 'forwarded eth0 *'},
      {flow: udp(V4.podA, '172.17.0.1', 9), expect: 'delivered *'},
    ],
  },
  {
    name: 'forwarding-per-interface',
    fact: 'IPv4 asks the ingress device’s own forwarding switch',
    node: V4.make({sysctl: {'net.ipv4.conf.enib.forwarding': '0'}}),
    cases: [
      {flow: udp(V4.podA, V4.podB, 9), expect: 'forwarded enib *'},
      {flow: udp(V4.podB, V4.podA, 9), expect: 'unroutable silent'},
    ],
  },
  {
    name: 'v6-forwarding-per-interface',
    fact: 'IPv6 forwards where `all` says so, whatever the device’s switch',
    node: V6.make({sysctl: {'net.ipv6.conf.enib.forwarding': '0'}}),
    cases: [
      {flow: udp(V6.podA, V6.podB, 9), expect: 'forwarded enib *'},
      {flow: udp(V6.podB, V6.podA, 9), expect: 'forwarded enia *'},
    ],
  },
  {
    name: 'v6-force-forwarding',
    fact: '… or where the ingress device has force_forwarding (Linux 6.17)',
    node: V6.make({sysctl: {'net.ipv6.conf.all.forwarding': '0', 'net.ipv6.conf.enib.force_forwarding': '1'}}),
    cases: [
      {flow: udp(V6.podA, V6.podB, 9), expect: 'dropped/unroutable silent'},
      {flow: udp(V6.podB, V6.podA, 9), expect: 'forwarded enia *'},
    ],
  },
  ...inBothFamilies(
    'onlink',
    'a gateway that no route reaches is taken to be on the link of its route; the source is what the device has for it',
    w => {
      const [net, other, third, gateway, second] =
        w.family === 4
          ? ['198.51.100.0/24', '203.0.113.0/24', '192.0.2.0/24', '172.31.9.1', '172.31.9.2']
          : ['2001:db8:ffff::/48', '2001:db8:fffe::/48', '2001:db8:fffd::/48', 'fd00:31:9::1', 'fd00:31:9::2']
      const far = w.family === 4 ? '192.0.2.7' : '2001:db8:fffd::7'
      return {
        node: w.make({
          routes: [
            `${net} via ${gateway} dev eth1 onlink`,
            `${other} via ${second} dev enib onlink`,
            `${third} nexthop via ${gateway} dev eth0 onlink nexthop via ${second} dev eth1 onlink`,
          ],
          sysctl: {'net.ipv4.conf.eth1.rp_filter': '1'},
          save: {nat: ['-A POSTROUTING -p udp --dport 2 -j MASQUERADE']},
        }),
        cases: [
          {flow: udp(w.podA, w.web, 1), expect: `forwarded eth1 ${w.pair(w.podA, 40000, w.web, 1)}`},
          {flow: udp(w.podA, w.web, 2), expect: `forwarded eth1 ${w.pair(w.node1, 40000, w.web, 2)}`},
          {flow: udp(w.podA, w.client, 1), expect: 'forwarded enib *'},
          {flow: udp(w.podA, w.client, 2), expect: 'forwarded enib *'},
          {flow: udp(w.podA, far, 1), expect: 'forwarded eth0 *|forwarded eth1 *'},
          {flow: udp(w.podA, far, 2), expect: 'forwarded eth0 *|forwarded eth1 *'},
          {flow: udp(null, w.web, 1), expect: `forwarded eth1 ${w.pair(w.node1, 40000, w.web, 1)}`},
          {flow: tcp(null, w.web, 1), expect: `forwarded eth1 ${w.pair(w.node1, 40000, w.web, 1)}`},
          {flow: udp(null, w.client, 1), expect: 'forwarded enib *'},
          {flow: udp(w.web, w.podA, 1, {iif: 'eth1'}), expect: 'forwarded enia *'},
          {flow: udp(w.web, w.podA, 1, {iif: 'eth0'}), expect: 'forwarded enia *'},
        ],
      }
    },
  ),
  ...inBothFamilies('l3mdev-rule', 'without a VRF the l3mdev rule finds nothing', w => ({
    node: w.make({rules: ['pref 5 l3mdev', 'pref 6 from all lookup 2']}),
    cases: [{flow: udp(w.podA, w.web, 9), expect: 'forwarded eth1 *'}],
  })),
  ...inBothFamilies('two-defaults', 'of two default routes the lower metric wins, whichever was added first', w => ({
    node: w.make({
      routes: [`default via ${w.gateway1} dev eth1 metric 50`, `default via ${w.gateway1} dev eth1 metric 2000`],
      rules: [`pref 100 from ${w.podB} lookup main suppress_prefixlength 1`, `pref 101 from ${w.podB} lookup 2`],
    }),
    cases: [
      {flow: udp(w.podA, w.web, 9), expect: w.family === 4 ? 'forwarded eth0 *' : 'forwarded eth1 *'},
      {flow: udp(w.podB, w.web, 9), expect: 'forwarded eth1 *'},
    ],
  })),
  ...inBothFamilies('fwmark-mask', 'a rule’s mark is compared under its mask', w => ({
    node: w.make({
      rules: [
        'pref 100 fwmark 0x10/0xf0 lookup 2',
        'pref 101 fwmark 0x1 lookup 2',
        'pref 102 not fwmark 0/0xf00 lookup 2',
      ],
    }),
    cases: [
      {flow: udp(w.podA, w.web, 9, {mark: 0x1f}), expect: 'forwarded eth1 *'},
      {flow: udp(w.podA, w.web, 9, {mark: 0x1}), expect: 'forwarded eth1 *'},
      {flow: udp(w.podA, w.web, 9, {mark: 0x3}), expect: 'forwarded eth0 *'},
      {flow: udp(w.podA, w.web, 9, {mark: 0x100}), expect: 'forwarded eth1 *'},
      {flow: udp(w.podA, w.web, 9), expect: 'forwarded eth0 *'},
      {flow: udp(w.node, w.web, 9, {mark: 0x1f}), expect: 'forwarded eth1 *'},
    ],
  })),
  {
    name: 'v6-source-specific-route',
    fact: 'an IPv6 route may ask for a source too, and then hides the routes to the same destination that do not',
    node: V6.make({
      routes: [
        `${V6.client} from 2001:db8:20:0:a::/80 via fe80::1 dev eth1`,
        `${V6.web} from ${V6.podA} via fe80::1 dev eth0`,
        `${V6.web} via fe80::1 dev eth1`,
      ],
    }),
    cases: [
      {flow: udp(V6.podB, V6.client, 9), expect: 'forwarded eth1 *'},
      {flow: udp(V6.node, V6.client, 9), expect: 'forwarded eth0 *'},
      {flow: udp(V6.podA, V6.web, 9), expect: 'forwarded eth0 *'},
      {flow: udp(V6.podB, V6.web, 9), expect: 'forwarded eth0 *'},
    ],
  },
  {
    name: 'v6-appended-multipath',
    fact: 'appended IPv6 routes of one metric are one multipath route',
    node: V6.make({routes: ['2001:db8:a::/64 via fe80::1 dev eth0', '2001:db8:a::/64 via fe80::1 dev eth1']}),
    cases: [{flow: udp(V6.podA, '2001:db8:a::7', 9), expect: 'forwarded eth0 *|forwarded eth1 *'}],
  },
  {
    name: 'via-inet6',
    fact: 'an IPv4 route may have an IPv6 next hop',
    node: V4.make({routes: ['192.0.2.0/24 via inet6 fe80::77 dev eth1']}),
    cases: [{flow: udp(V4.podA, '192.0.2.9', 9), expect: 'forwarded eth1 *'}],
  },
  ...inBothFamilies(
    'nexthop-objects',
    'routes by nexthop objects go by what the object is: a hop, a group, a black hole',
    w => {
      const [net, group, hole] =
        w.family === 4 ? ['192.0.2', '192.0.3', '192.0.4'] : ['2001:db8:a:', '2001:db8:b:', '2001:db8:c:']
      const [ip, zero, host] = w.family === 4 ? ['ip', '.0/24', '.9'] : ['ip -6', ':/64', ':9']
      return {
        node: {
          ...w.make({}),
          afterwards: [
            `${ip} nexthop add id 7 via ${w.gateway1} dev eth1`,
            // of a hop that two routes share, IPv6 names the one that was used first
            `${ip} nexthop add id 8 via ${w.gateway} dev eth0`,
            `${ip} nexthop add id 11 via ${w.gateway1} dev eth1`,
            `ip nexthop add id 9 group 11,3/8,1`,
            `${ip} nexthop add id 10 blackhole`,
            `${ip} route add ${net}${zero} nhid 7`,
            `${ip} route add ${group}${zero} nhid 9`,
            `${ip} route add ${hole}${zero} nhid 10`,
          ],
        },
        cases: [
          {flow: udp(w.podA, `${net}${host}`, 9), expect: 'forwarded eth1 *'},
          {flow: udp(w.podA, `${group}${host}`, 9), expect: 'forwarded eth0 *|forwarded eth1 *'},
          {flow: udp(w.podA, `${hole}${host}`, 9), expect: 'unroutable|dropped/unroutable'},
        ],
      }
    },
  ),
  {
    name: 'zero-length-prefixes',
    fact: '0.0.0.0/1 and 128.0.0.0/1 beat the default route',
    node: V4.make({routes: ['0.0.0.0/1 via 10.20.1.1 dev eth1', '128.0.0.0/1 via 10.20.0.1 dev eth0']}),
    cases: [
      {flow: udp(V4.podA, '100.64.0.1', 9), expect: 'forwarded eth1 *'},
      {flow: udp(V4.podA, '198.51.100.80', 9), expect: 'forwarded eth0 *'},
    ],
  },
]
