import {inBothFamilies, ping, tcp, udp, V4, V6} from './families.js'
import type {Scenario} from './scenario.js'

/** What the node sends itself: source selection, OUTPUT and its reroutes. */
export const OUTPUT: readonly Scenario[] = [
  ...inBothFamilies(
    'output-mark-reroutes',
    'a mark that mangle OUTPUT sets reroutes; one of nat or filter OUTPUT does not',
    w => ({
      node: w.make({
        rules: ['pref 100 fwmark 0x1 lookup 2'],
        save: {
          mangle: ['-A OUTPUT -p udp --dport 1 -j MARK --set-mark 0x1'],
          nat: ['-A OUTPUT -p udp --dport 2 -j MARK --set-mark 0x1', '-A POSTROUTING -p udp --dport 99 -j MASQUERADE'],
          filter: ['-A OUTPUT -p udp --dport 3 -j MARK --set-mark 0x1'],
        },
      }),
      cases: [
        {flow: udp(w.node, w.web, 1), expect: `forwarded eth1 ${w.pair(w.node, 40000, w.web, 1)} reply delivered`},
        {flow: udp(w.node, w.web, 2), expect: 'forwarded eth0 *'},
        {flow: udp(w.node, w.web, 3), expect: 'forwarded eth0 *'},
        {flow: udp(w.node, w.web, 4, {mark: 1}), expect: 'forwarded eth1 *'},
      ],
    }),
  ),
  ...inBothFamilies(
    'output-dnat-keeps-source',
    'the source is chosen for the address before DNAT; DNAT reroutes and keeps it',
    w => ({
      node: w.make({
        routes: [`${w.vip} via ${w.gateway1} dev eth1`],
        save: {nat: [`-A OUTPUT -d ${w.vip} -p udp -j DNAT --to-destination ${w.at(w.podA, 5353)}`]},
      }),
      cases: [
        {
          flow: udp(null, w.vip, 53),
          expect: `forwarded enia ${w.pair(w.node1, 40000, w.podA, 5353)} reply delivered ${w.pair(w.vip, 53, w.node1, 40000)}`,
        },
      ],
    }),
  ),
  ...inBothFamilies(
    'from-rule-unbound',
    '`from` rules do not see an unbound socket’s source, but a bound one’s',
    w => ({
      node: w.make({rules: [`pref 100 from ${w.node} lookup 2`]}),
      cases: [
        {flow: udp(null, w.web, 9), expect: `forwarded eth0 ${w.pair(w.node, 40000, w.web, 9)}`},
        {flow: udp(w.node, w.web, 9), expect: `forwarded eth1 ${w.pair(w.node, 40000, w.web, 9)}`},
      ],
    }),
  ),
  {
    name: 'connect-looks-up-twice',
    fact: 'connect() of an unbound IPv4 TCP socket looks up once more with the source it chose, so `from` rules apply to it',
    node: V4.make({rules: [`pref 100 from ${V4.node} lookup 2`]}),
    cases: [
      {flow: tcp(null, V4.web, 9), expect: `forwarded eth1 ${V4.pair(V4.node, 40000, V4.web, 9)} reply delivered`},
      {flow: udp(null, V4.web, 9), expect: 'forwarded eth0 *'},
      {flow: ping(null, V4.web), expect: 'forwarded eth0 *'},
    ],
  },
  {
    name: 'default-routes-in-turn',
    fact: 'look-ups of the node’s own packets turn from one default route of a metric to the next; transit takes the first',
    node: V4.make({
      routes: ['default via 10.20.1.1 dev eth1', 'default via 10.20.1.2 dev eth1 metric 7'],
      neighbours: [
        '10.20.0.1 lladdr 0a:ff:00:00:00:01 nud permanent dev eth0',
        '10.20.1.1 lladdr 0a:ff:00:00:01:01 nud permanent dev eth1',
        '10.20.1.2 lladdr 0a:ff:00:00:01:02 nud permanent dev eth1',
      ],
    }),
    cases: [
      {flow: udp(null, V4.web, 1), expect: `forwarded eth0 ${V4.node}:*|forwarded eth1 ${V4.node1}:*`},
      {flow: udp(null, V4.web, 2), expect: `forwarded eth0 ${V4.node}:*|forwarded eth1 ${V4.node1}:*`},
      {flow: udp(V4.node, V4.web, 3), expect: 'forwarded eth0 *|forwarded eth1 *'},
      {flow: udp(V4.node, V4.web, 4), expect: 'forwarded eth0 *|forwarded eth1 *'},
      {flow: tcp(null, V4.web, 5), expect: 'forwarded eth0 *|forwarded eth1 *'},
      {flow: tcp(null, V4.web, 6), expect: 'forwarded eth0 *|forwarded eth1 *'},
      {flow: udp(V4.node, V4.web, 7, {oif: 'eth0'}), expect: 'forwarded eth0 *'},
      {flow: udp(V4.node, V4.web, 7, {oif: 'eth1'}), expect: 'forwarded eth1 *'},
      {flow: udp(V4.podA, V4.web, 8), expect: 'forwarded eth0 *'},
      {flow: udp(V4.podA, V4.web, 9), expect: 'forwarded eth0 *'},
      {flow: udp(V4.podA, V4.web, 10), expect: 'forwarded eth0 *'},
    ],
  },
  {
    name: 'default-routes-of-one-tos',
    fact: 'the turn takes in the default routes of each tos that the packet has, one metric of each',
    node: V4.make({
      routes: [
        'default tos 0x10 via 10.20.1.1 dev eth1 metric 5',
        'default tos 0x08 via 10.20.1.1 dev eth1 metric 5',
        'default tos 0x10 via 10.20.1.2 dev eth1 metric 6',
        'default via 10.20.1.2 dev eth1 metric 6',
      ],
      neighbours: [
        '10.20.0.1 lladdr 0a:ff:00:00:00:01 nud permanent dev eth0',
        '10.20.1.1 lladdr 0a:ff:00:00:01:01 nud permanent dev eth1',
        '10.20.1.2 lladdr 0a:ff:00:00:01:02 nud permanent dev eth1',
      ],
    }),
    cases: [
      {flow: udp(V4.node, V4.web, 1, {dscp: 4}), expect: 'forwarded eth0 *|forwarded eth1 *'},
      {flow: udp(V4.node, V4.web, 2, {dscp: 4}), expect: 'forwarded eth0 *|forwarded eth1 *'},
      {flow: udp(V4.node, V4.web, 3), expect: 'forwarded eth0 *'},
      {flow: udp(V4.node, V4.web, 4), expect: 'forwarded eth0 *'},
      {flow: udp(V4.podA, V4.web, 5, {dscp: 4}), expect: 'forwarded eth1 *'},
      {flow: udp(V4.podA, V4.web, 6, {dscp: 4}), expect: 'forwarded eth1 *'},
    ],
  },
  {
    name: 'tcp-to-broadcast-address',
    fact: 'no TCP connection is made to 255.255.255.255, though a default route takes other packets there',
    node: V4.make({}),
    cases: [
      {flow: tcp(null, '255.255.255.255', 9), expect: 'unroutable ENETUNREACH'},
      {flow: tcp(V4.node, '255.255.255.255', 9), expect: 'unroutable ENETUNREACH'},
      {flow: tcp(null, '10.20.0.255', 9), expect: 'unroutable'},
    ],
  },
  {
    name: 'v6-connect-looks-up-once',
    fact: 'connect() of an unbound IPv6 TCP socket does not',
    node: V6.make({rules: [`pref 100 from ${V6.node} lookup 2`]}),
    cases: [
      {flow: tcp(null, V6.web, 9), expect: `forwarded eth0 ${V6.pair(V6.node, 40000, V6.web, 9)} reply delivered`},
      {flow: ping(null, V6.web), expect: 'forwarded eth0 *'},
    ],
  },
  ...inBothFamilies('reroute-uses-source', 'the reroute after DNAT does know the source', w => ({
    node: w.make({
      rules: [`pref 100 from ${w.node} lookup 2`],
      save: {nat: [`-A OUTPUT -d ${w.vip} -p udp -j DNAT --to-destination ${w.web}`]},
    }),
    cases: [{flow: udp(null, w.vip, 9), expect: `forwarded eth1 ${w.pair(w.node, 40000, w.web, 9)}`}],
  })),
  ...inBothFamilies('reroute-without-route', 'a reroute that finds no route loses the packet in OUTPUT', w => ({
    node: w.make({
      rules: ['pref 100 fwmark 0x1 unreachable'],
      save: {mangle: ['-A OUTPUT -p udp --dport 1 -j MARK --set-mark 0x1']},
    }),
    cases: [{flow: udp(w.node, w.web, 1), expect: 'unroutable ENETUNREACH'}],
  })),
  ...inBothFamilies('src-hint', 'an unbound socket takes the route’s src hint', w => {
    const [net, to] = w.family === 4 ? ['192.0.2.0/24', '192.0.2.1'] : ['2001:db8:a::/64', '2001:db8:a::1']
    return {
      node: w.make({routes: [`${net} via ${w.gateway} dev eth0 src ${w.node1}`]}),
      cases: [{flow: udp(null, to, 9), expect: `forwarded eth0 ${w.pair(w.node1, 40000, to, 9)}`}],
    }
  }),
  ...inBothFamilies('oif-rule', 'an oif rule sees the device that a socket is bound to, and no other', w => ({
    node: w.make({rules: ['pref 100 oif eth1 lookup 2']}),
    cases: [
      {flow: udp(w.node1, w.web, 9, {oif: 'eth1'}), expect: `forwarded eth1 ${w.pair(w.node1, 40000, w.web, 9)}`},
      {flow: udp(w.node1, w.web, 9), expect: 'forwarded eth0 *'},
      {flow: udp(w.podA, w.web, 9), expect: 'forwarded eth0 *'},
    ],
  })),
  ...inBothFamilies('bound-device', 'a socket bound to a device only takes routes by it', w => ({
    node: w.make({routes: [`${w.family === 4 ? '192.0.2.0/24' : '2001:db8:a::/64'} via ${w.gateway1} dev eth1`]}),
    cases: [
      {flow: udp(null, w.web, 9, {oif: 'eth0'}), expect: 'forwarded eth0 *'},
      {flow: udp(null, w.family === 4 ? '192.0.2.1' : '2001:db8:a::1', 9, {oif: 'eth0'}), expect: `forwarded eth0 *`},
    ],
  })),
  ...inBothFamilies('uidrange-rule', 'uidrange asks for the owner of the socket; transit counts as root', w => ({
    node: w.make({rules: ['pref 100 uidrange 0-0 lookup 2']}),
    cases: [
      {flow: udp(w.node, w.web, 9), expect: 'forwarded eth1 *'},
      {flow: udp(w.podA, w.web, 9), expect: 'forwarded eth1 *'},
    ],
  })),
  ...inBothFamilies(
    'over-lo',
    'the node’s packets to itself pass OUTPUT, POSTROUTING, PREROUTING and INPUT over lo',
    w => ({
      node: w.make({
        save: {
          filter: [
            '-A INPUT -i lo -p udp --dport 2 -j DROP',
            '-A INPUT ! -i lo -p udp --dport 3 -j DROP',
            '-A OUTPUT ! -o lo -p udp -j DROP',
            '-A OUTPUT -o lo -p udp -j ACCEPT',
          ],
          mangle: ['-A PREROUTING -i lo -j MARK --set-mark 0x7', '-A POSTROUTING -o lo -j MARK --set-mark 0x8'],
        },
      }),
      cases: [
        {flow: udp(w.node, w.node1, 1), expect: `delivered ${w.pair(w.node, 40000, w.node1, 1)}`},
        {flow: udp(w.node, w.node, 2), expect: 'dropped silent'},
        {flow: udp(w.node, w.node, 3), expect: 'delivered *'},
        {flow: udp(null, w.node1, 4), expect: `delivered ${w.pair(w.node1, 40000, w.node1, 4)}`},
        {flow: ping(w.node, w.node1), expect: 'delivered *'},
        {flow: tcp(w.node, w.node, 5), expect: 'delivered *'},
      ],
    }),
  ),
  ...inBothFamilies('output-dnat-away', 'what the node sends to its own address may be DNATed away', w => ({
    node: w.make({save: {nat: [`-A OUTPUT -d ${w.node} -p udp --dport 7 -j DNAT --to-destination ${w.web}`]}}),
    cases: [{flow: udp(w.node, w.node, 7), expect: `forwarded eth0 ${w.pair(w.node, 40000, w.web, 7)}`}],
  })),
  ...inBothFamilies('redirect-output', 'REDIRECT of an own packet goes to the loopback address', w => ({
    node: w.make({save: {nat: ['-A OUTPUT -p tcp --dport 80 -j REDIRECT --to-ports 15001']}}),
    cases: [
      {
        flow: tcp(w.node, w.web, 80),
        expect: `delivered ${w.pair(w.node, 40000, w.family === 4 ? '127.0.0.1' : '::1', 15001)}`,
      },
    ],
  })),
  ...inBothFamilies('output-dscp-reroutes', 'a changed DSCP field reroutes own packets', w => ({
    node: w.make({
      rules: ['pref 100 tos 0x10 lookup 2'],
      save: {
        mangle: [
          '-A OUTPUT -p udp --dport 1 -j DSCP --set-dscp 4',
          '-A PREROUTING -p udp --dport 2 -j DSCP --set-dscp 4',
        ],
      },
    }),
    cases: [
      {flow: udp(w.node, w.web, 1), expect: 'forwarded eth1 *'},
      {flow: udp(w.podA, w.web, 2), expect: 'forwarded eth1 *'},
      {flow: udp(w.podA, w.web, 1), expect: 'forwarded eth0 *'},
    ],
  })),
  ...inBothFamilies('output-dscp-back-again', 'a field that is changed and changed back does not reroute', w => ({
    node: w.make({
      rules: ['pref 100 fwmark 0x1 lookup 2'],
      save: {mangle: ['-A OUTPUT -p udp -j MARK --set-mark 0x1', '-A OUTPUT -p udp -j MARK --set-mark 0x0']},
    }),
    cases: [{flow: udp(w.node, w.web, 1), expect: 'forwarded eth0 *'}],
  })),
  ...inBothFamilies('output-reject', 'REJECT in OUTPUT answers over lo', w => ({
    node: w.make({
      save: {
        filter: [
          '-A OUTPUT -p udp --dport 1 -j REJECT',
          '-A OUTPUT -p tcp --dport 2 -j REJECT --reject-with tcp-reset',
          '-A OUTPUT -p udp --dport 3 -j DROP',
        ],
      },
    }),
    cases: [
      {flow: udp(w.node, w.web, 1), expect: `rejected icmp ${w.family === 4 ? '3/3' : '1/4'} from ${w.node}`},
      {flow: tcp(w.node, w.web, 2), expect: `rejected reset from ${w.web}`},
      {flow: udp(w.node, w.web, 3), expect: 'dropped EPERM'},
    ],
  })),
  ...inBothFamilies('kube-node-port-from-node', 'the node reaches a service by its own address', w => ({
    node: w.make({
      save: {
        nat: [
          '-A OUTPUT -p tcp --dport 30080 -m addrtype --dst-type LOCAL -j NODEPORT',
          '-A NODEPORT -j MARK --set-xmark 0x4000/0x4000',
          `-A NODEPORT -p tcp -j DNAT --to-destination ${w.at(w.podB, 80)}`,
          '-A POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE',
        ],
      },
    }),
    cases: [
      {
        flow: tcp(w.node1, w.node, 30080),
        expect: `forwarded enib ${w.pair(w.node, 40000, w.podB, 80)} reply delivered ${w.pair(w.node, 30080, w.node1, 40000)}`,
      },
      {flow: tcp(w.node1, w.web, 30080), expect: 'forwarded eth0 *'},
    ],
  })),
  {
    name: 'node-port-on-localhost',
    fact: 'with route_localnet a connection to 127.0.0.1 can be DNATed out, and needs its source masqueraded',
    node: V4.make({
      sysctl: {'net.ipv4.conf.all.route_localnet': '1'},
      save: {
        nat: [
          '-A OUTPUT -d 127.0.0.1 -p tcp --dport 30000 -j DNAT --to-destination 10.20.0.51:80',
          '-A OUTPUT -d 127.0.0.1 -p tcp --dport 30001 -j DNAT --to-destination 10.20.0.51:80',
          '-A POSTROUTING -s 127.0.0.0/8 ! -o lo -p tcp -j MASQUERADE',
        ],
      },
    }),
    cases: [
      {
        flow: tcp('127.0.0.1', '127.0.0.1', 30000),
        expect: 'forwarded enia 10.20.0.10:40000>10.20.0.51:80 reply delivered 127.0.0.1:30000>127.0.0.1:40000',
      },
      {flow: tcp(null, '127.0.0.1', 30001), expect: 'forwarded enia 10.20.0.10:40000>10.20.0.51:80'},
    ],
  },
  {
    name: 'loopback-source-outward',
    fact: 'a socket bound to 127.0.0.1 cannot send out',
    node: V4.make({}),
    cases: [
      {flow: udp('127.0.0.1', V4.web, 9), expect: 'unroutable EINVAL'},
      {flow: udp('127.0.0.1', V4.node, 9), expect: 'delivered *'},
    ],
  },
  {
    name: 'v6-second-lookup',
    fact: 'an unbound IPv6 packet without a route is looked up again with the source that the kernel picks',
    node: V6.make({
      rules: [
        `pref 5 to ${V6.web} lookup 77`,
        `pref 6 from ${V6.node} to ${V6.web} lookup 2`,
        `pref 7 to ${V6.web} unreachable`,
      ],
    }),
    cases: [
      {flow: udp(V6.node, V6.web, 9), expect: `forwarded eth1 [${V6.node}]:40000>[${V6.web}]:9`},
      {flow: udp(null, V6.web, 9), expect: `forwarded eth1 [${V6.node}]:40000>[${V6.web}]:9`},
    ],
  },
  {
    name: 'v6-second-lookup-no-route',
    fact: '… also where the tables simply end',
    node: V6.make({
      routes: [],
      rules: [
        `pref 6 from ${V6.node} lookup 2`,
        `pref 7 from ${V6.node1} lookup 2`,
        `pref 8 to ${V6.web} goto 40000`,
        'pref 40000 lookup 99',
      ],
    }),
    cases: [
      {flow: udp(null, V6.web, 9), expect: 'forwarded eth1 *'},
      {flow: udp(null, V6.client, 9), expect: 'forwarded eth0 *'},
    ],
  },
  {
    name: 'v6-deprecated-source',
    fact: 'a deprecated address is not chosen where another will do',
    node: V6.make({
      links: [
        {
          name: 'eth0',
          addresses: ['10.20.0.10/24 brd +', '2001:db8:20::10/64', '2001:db8:ffff::5/128 preferred_lft 0'],
          mac: '0a:00:00:00:00:10',
        },
      ],
    }),
    cases: [{flow: udp(null, V6.web, 9), expect: `forwarded eth0 [${V6.node}]:40000>*`}],
  },
  {
    name: 'v6-linklocal-destination',
    fact: 'a link-local destination is reached by the device it is bound to, from that device’s own link-local address',
    node: V6.make({}),
    cases: [
      {
        flow: udp(null, 'fe80::99', 9, {oif: 'enia'}),
        expect: 'forwarded enia [fe80::c00:ff:fe00:a]:40000>[fe80::99]:9',
      },
      {
        flow: udp(null, 'fe80::99', 9, {oif: 'eth1'}),
        expect: 'forwarded eth1 [fe80::800:ff:fe00:110]:40000>[fe80::99]:9',
      },
    ],
  },
]
