import {inBothFamilies, ping, tcp, udp, V4, V6, type Words} from './families.js'
import type {Case, Scenario} from './scenario.js'

const DROPPED = 'dropped silent'
const PASSED = 'forwarded *'

/** One match in a rule that drops: `true` cases are dropped, the others pass. */
function oneMatch(
  name: string,
  fact: string,
  tell: (w: Words) => {
    rules: readonly string[]
    hit: readonly Case['flow'][]
    miss: readonly Case['flow'][]
    ipset?: readonly string[]
  },
): Scenario[] {
  return inBothFamilies(name, fact, w => {
    const {rules, hit, miss, ipset} = tell(w)
    return {
      node: w.make({
        save: {filter: rules.map(rule => `-A FORWARD ${rule} -j DROP`)},
        ...(ipset === undefined ? {} : {ipset}),
      }),
      cases: [...hit.map(flow => ({flow, expect: DROPPED})), ...miss.map(flow => ({flow, expect: PASSED}))],
    }
  })
}

/** Each match by itself, and negated. */
export const MATCHING: readonly Scenario[] = [
  ...oneMatch('match-addresses', 'addresses, prefixes, negations', w => ({
    rules: [
      `-s ${w.podA} -d ${w.web} -p udp`,
      `! -s ${w.podA} -p tcp`,
      `! -d ${w.family === 4 ? '198.51.100.0/24' : '2001:db8:ffff::/64'} -p tcp`,
    ],
    hit: [udp(w.podA, w.web, 1), tcp(w.podB, w.web, 1), tcp(w.podA, w.client, 1)],
    miss: [udp(w.podB, w.web, 1), tcp(w.podA, w.web, 1)],
  })),
  ...inBothFamilies('match-multiport', 'multiport --dports, --sports, --ports and their negation', w => ({
    node: w.make({
      save: {
        filter: [
          '-A FORWARD -p tcp -m multiport --dports 80,443,8000:8010 -j DROP',
          '-A FORWARD -p udp -m multiport --sports 53,100:200 -j DROP',
          '-A FORWARD -p sctp -m multiport --ports 9,7 -j DROP',
          '-A FORWARD -p udp -m multiport ! --dports 1:1000 -j REJECT',
        ],
      },
    }),
    cases: [
      {flow: tcp(w.podA, w.web, 8010), expect: DROPPED},
      {flow: tcp(w.podA, w.web, 8011), expect: PASSED},
      {flow: udp(w.podA, w.web, 7, {sport: 53}), expect: DROPPED},
      {flow: udp(w.podA, w.web, 7, {sport: 201}), expect: PASSED},
      {flow: udp(w.podA, w.web, 1001), expect: 'rejected *'},
      {flow: {src: w.podA, dst: w.web, proto: 'sctp', sport: 9, dport: 1}, expect: DROPPED},
      {flow: {src: w.podA, dst: w.web, proto: 'sctp', sport: 1, dport: 7}, expect: DROPPED},
      {flow: {src: w.podA, dst: w.web, proto: 'sctp', sport: 1, dport: 1}, expect: PASSED},
    ],
  })),
  ...oneMatch('match-ports', 'ranges, open ends, negation', w => ({
    rules: [
      '-p udp -m udp --dport 100:200',
      '-p udp -m udp --sport :10',
      '-p tcp -m tcp ! --dport 80',
      '-p sctp -m sctp --dport 65000:',
    ],
    hit: [
      udp(w.podA, w.web, 200),
      udp(w.podA, w.web, 1, {sport: 10}),
      tcp(w.podA, w.web, 81),
      {src: w.podA, dst: w.web, proto: 'sctp', sport: 1, dport: 65535},
    ],
    miss: [udp(w.podA, w.web, 201), udp(w.podA, w.web, 1, {sport: 11}), tcp(w.podA, w.web, 80)],
  })),
  ...oneMatch('match-iprange', 'address ranges, inclusive, of either side', w => {
    const [a, b] =
      w.family === 4
        ? ['10.20.0.40-10.20.0.51', '198.51.100.81-198.51.100.90']
        : ['2001:db8:20:0:a::1-2001:db8:20:0:a::2', '2001:db8:ffff::81-2001:db8:ffff::90']
    return {
      rules: [`-p udp -m iprange --src-range ${a}`, `-p tcp -m iprange ! --dst-range ${b}`],
      hit: [udp(w.podA, w.web, 1), tcp(w.podB, w.web, 1)],
      miss: [udp(w.podB, w.web, 1), tcp(w.podA, w.family === 4 ? '198.51.100.90' : '2001:db8:ffff::90', 1)],
    }
  }),
  ...oneMatch('match-tcp-flags', '--syn, --tcp-flags under a mask', w => ({
    rules: [
      '-p tcp --dport 1 --syn',
      '-p tcp --dport 2 --tcp-flags SYN,ACK,FIN,RST SYN,ACK',
      '-p tcp --dport 3 ! --tcp-flags ALL NONE',
    ],
    hit: [tcp(w.podA, w.web, 1), tcp(w.podA, w.web, 2, {tcpFlags: 'SYN,ACK'}), tcp(w.podA, w.web, 3)],
    miss: [tcp(w.podA, w.web, 1, {tcpFlags: 'ACK'}), tcp(w.podA, w.web, 2), tcp(w.podA, w.web, 3, {tcpFlags: 'NONE'})],
  })),
  ...oneMatch('match-mark', 'marks under masks', w => ({
    rules: ['-p udp -m mark --mark 0x10/0xf0', '-p tcp -m mark ! --mark 0x1'],
    hit: [udp(w.podA, w.web, 1, {mark: 0x1f}), tcp(w.podA, w.web, 1), tcp(w.podA, w.web, 1, {mark: 0x11})],
    miss: [udp(w.podA, w.web, 1, {mark: 0x1}), udp(w.podA, w.web, 1), tcp(w.podA, w.web, 1, {mark: 1})],
  })),
  ...oneMatch('match-dscp-tos-length', 'DSCP, TOS byte under a mask, and length of the packet', w => ({
    rules: [
      '-p udp --dport 1 -m dscp --dscp 0x2e',
      '-p udp --dport 2 -m tos --tos 0x10/0x3f',
      '-p udp --dport 3 -m length --length 1000:65535',
      '-p udp --dport 4 -m dscp ! --dscp 0',
    ],
    hit: [udp(w.podA, w.web, 1, {dscp: 0x2e}), udp(w.podA, w.web, 2, {dscp: 4}), udp(w.podA, w.web, 4, {dscp: 1})],
    miss: [udp(w.podA, w.web, 1), udp(w.podA, w.web, 2, {dscp: 8}), udp(w.podA, w.web, 4)],
  })),
  ...oneMatch('match-packet-type', 'pkttype and comment', w => ({
    rules: [
      '-p udp -m pkttype --pkt-type unicast -m comment --comment "a \\"quoted\\" -j ACCEPT"',
      '-p tcp -m pkttype --pkt-type multicast',
    ],
    hit: [udp(w.podA, w.web, 1)],
    miss: [tcp(w.podA, w.web, 1)],
  })),
  ...oneMatch('match-mac', 'the source MAC of the frame that came in', w => ({
    rules: ['-p udp -m mac --mac-source ee:00:00:00:00:0a', '-p tcp -m mac --mac-source 0a:00:00:00:00:01'],
    hit: [udp(w.podA, w.web, 1)],
    miss: [tcp(w.podA, w.web, 1)],
  })),
  ...oneMatch('match-protocols', 'by number, by name, negated; all', w => ({
    rules: ['-p 47', `! -p udp -d ${w.podB}`, '-p esp', `-p all -d ${w.client}`],
    hit: [
      {src: w.podA, dst: w.web, proto: 'gre'},
      {src: w.podA, dst: w.web, proto: '50'},
      udp(w.podA, w.client, 1),
      tcp(w.podA, w.podB, 1),
    ],
    miss: [udp(w.podA, w.web, 1), udp(w.podA, w.podB, 1), {src: w.podA, dst: w.web, proto: '99'}],
  })),
  ...oneMatch('match-ipset-addresses', 'hash:ip and hash:net, nomatch, negation', w => {
    const family = w.family === 4 ? 'inet' : 'inet6'
    return {
      ipset: [
        `create hosts hash:ip family ${family}`,
        `add hosts ${w.podA}`,
        `create nets hash:net family ${family}`,
        `add nets ${w.family === 4 ? '198.51.100.0/24' : '2001:db8:ffff::/64'}`,
        `add nets ${w.web} nomatch`,
        'create both list:set',
        'add both hosts',
        'add both nets',
      ],
      rules: [
        '-p udp --dport 1 -m set --match-set hosts src',
        '-p udp --dport 2 -m set --match-set nets dst',
        '-p udp --dport 3 -m set ! --match-set hosts src',
        '-p udp --dport 4 -m set --match-set both src',
      ],
      hit: [
        udp(w.podA, w.web, 1),
        udp(w.podA, w.family === 4 ? '198.51.100.1' : '2001:db8:ffff::1', 2),
        udp(w.podB, w.web, 3),
        udp(w.podA, w.web, 4),
      ],
      miss: [udp(w.podB, w.web, 1), udp(w.podA, w.web, 2), udp(w.podA, w.web, 3), udp(w.podB, w.web, 4)],
    }
  }),
  ...oneMatch('match-ipset-dimensions', 'several dimensions, each with its own direction', w => {
    const family = w.family === 4 ? 'inet' : 'inet6'
    const net = w.family === 4 ? '198.51.100.0/24' : '2001:db8:ffff::/64'
    return {
      ipset: [
        `create ipport hash:ip,port family ${family}`,
        `add ipport ${w.web},tcp:80`,
        `add ipport ${w.web},udp:50-60`,
        `add ipport ${w.web},${w.icmp}:echo-request`
          .replace('icmpv6:echo-request', 'icmpv6:128/0')
          .replace('icmp:echo-request', 'icmp:8/0'),
        `create ipportnet hash:ip,port,net family ${family}`,
        `add ipportnet ${w.podA},udp:9,${net}`,
        `create netiface hash:net,iface family ${family}`,
        `add netiface ${net},eth0`,
        `create ipportip hash:ip,port,ip family ${family}`,
        `add ipportip ${w.podA},tcp:22,${w.podA}`,
        'create ports bitmap:port range 0-1024',
        'add ports 1000-1010',
      ],
      rules: [
        '-m set --match-set ipport dst,dst',
        '-m set --match-set ipportnet src,dst,dst',
        '-p tcp --dport 5 -m set --match-set netiface dst,dst',
        '-p tcp -m set --match-set ports dst',
      ],
      hit: [
        tcp(w.podA, w.web, 80),
        udp(w.podA, w.web, 60),
        ping(w.podA, w.web),
        udp(w.podA, w.web, 9),
        tcp(w.podA, w.web, 5),
        tcp(w.podA, w.client, 1010),
      ],
      miss: [
        tcp(w.podA, w.web, 81),
        udp(w.podA, w.web, 61),
        udp(w.podB, w.web, 9),
        tcp(w.podA, w.client, 5),
        udp(w.podA, w.client, 1010),
      ],
    }
  }),
  ...inBothFamilies(
    'addrtype-local',
    'LOCAL asks the local table, with --limit-iface-in the ingress device’s part of it',
    w => ({
      node: w.make({
        save: {
          filter: [
            '-A INPUT -p udp --dport 1 -m addrtype --dst-type LOCAL --limit-iface-in -j DROP',
            '-A INPUT -p udp --dport 2 -m addrtype --dst-type LOCAL -j DROP',
            '-A FORWARD -m addrtype --dst-type LOCAL -j DROP',
            '-A FORWARD -p udp --dport 3 -m addrtype ! --src-type LOCAL --dst-type UNICAST -j REJECT',
          ],
        },
      }),
      cases: [
        {flow: udp(w.client, w.node, 1, {iif: 'eth0'}), expect: DROPPED},
        {flow: udp(w.client, w.node1, 1, {iif: 'eth0'}), expect: 'delivered *'},
        {flow: udp(w.client, w.node1, 2, {iif: 'eth0'}), expect: DROPPED},
        {flow: udp(w.podA, w.web, 3), expect: 'rejected *'},
        {flow: udp(w.podA, w.web, 4), expect: PASSED},
      ],
    }),
  ),
  {
    name: 'addrtype-types',
    fact: 'BROADCAST, MULTICAST and UNREACHABLE as the FIB says; 127/8 is LOCAL, a broadcast address is not',
    node: V4.make({
      routes: ['unreachable 192.0.2.0/24 table 9'],
      save: {
        filter: [
          '-A INPUT -m addrtype --dst-type BROADCAST -j DROP',
          '-A INPUT -p udp --dport 2 -m addrtype ! --dst-type LOCAL -j DROP',
          '-A OUTPUT -p udp --dport 3 -m addrtype --dst-type LOCAL -j DROP',
          '-A OUTPUT -p udp --dport 4 -m addrtype --dst-type MULTICAST -j DROP',
        ],
      },
    }),
    cases: [
      {flow: udp(V4.podA, '10.20.0.255', 1), expect: DROPPED},
      {flow: udp(V4.node, '127.5.5.5', 3), expect: 'dropped *'},
      {flow: udp(V4.podA, V4.node, 2), expect: 'delivered *'},
    ],
  },
  {
    name: 'v6-addrtype-anycast',
    fact: 'the subnet-router anycast address has the type ANYCAST, and is not LOCAL',
    node: V6.make({
      save: {
        filter: [
          '-A INPUT -p udp --dport 1 -m addrtype --dst-type ANYCAST -j DROP',
          '-A INPUT -p udp --dport 2 -m addrtype --dst-type LOCAL -j DROP',
        ],
      },
    }),
    cases: [
      {flow: udp(V6.podA, '2001:db8:20::', 1), expect: DROPPED},
      {flow: udp(V6.podA, '2001:db8:20::', 2), expect: 'delivered *'},
      {flow: udp(V6.podA, V6.node, 2), expect: DROPPED},
    ],
  },
  {
    name: 'v6-addrtype-unicast-is-syntax',
    fact: 'UNICAST and MULTICAST go by the look of an IPv6 address, so a local one is UNICAST too; with LOCAL both must hold',
    node: V6.make({
      save: {
        filter: [
          '-A INPUT -p udp --dport 1 -m addrtype --dst-type UNICAST -j DROP',
          '-A INPUT -p udp --dport 2 -m addrtype ! --dst-type UNICAST -j DROP',
          '-A INPUT -p udp --dport 3 -m addrtype --dst-type UNICAST,LOCAL -j DROP',
          '-A FORWARD -p udp --dport 4 -m addrtype --dst-type UNICAST,LOCAL -j DROP',
          '-A INPUT -p udp --dport 5 -m addrtype --dst-type MULTICAST,LOCAL -j DROP',
          '-A INPUT -p udp --dport 6 -m addrtype ! --dst-type LOCAL -j DROP',
        ],
      },
    }),
    cases: [
      {flow: udp(V6.podA, V6.node, 1), expect: DROPPED},
      {flow: udp(V6.podA, V6.node, 2), expect: 'delivered *'},
      {flow: udp(V6.podA, V6.node, 3), expect: DROPPED},
      {flow: udp(V6.podA, V6.web, 4), expect: PASSED},
      {flow: udp(V6.podA, V6.node, 5), expect: 'delivered *'},
      {flow: udp(V6.podA, 'ff02::1', 5), expect: 'delivered *|dropped silent'},
      {flow: udp(V6.podA, 'ff02::1', 6), expect: 'delivered *|dropped silent'},
      {flow: udp(V6.podA, '2001:db8:20::', 1), expect: DROPPED},
    ],
  },
  ...inBothFamilies(
    'ipset-interface-by-hook',
    'the interface dimension of a set: src is the ingress device, dst the egress device, where the hook has one',
    w => ({
      node: w.make({
        ipset: [
          `create netiface hash:net,iface family ${w.family === 4 ? 'inet' : 'inet6'}`,
          `add netiface ${w.podA},enia`,
          `add netiface ${w.podA},eth0`,
          `add netiface ${w.podB},eth0`,
        ],
        save: {
          mangle: [
            '-A PREROUTING -p udp --dport 1 -m set --match-set netiface src,src -j DROP',
            '-A PREROUTING -p udp --dport 2 -m set --match-set netiface src,dst -j DROP',
            '-A FORWARD -p udp --dport 3 -m set --match-set netiface src,src -j DROP',
            '-A FORWARD -p udp --dport 4 -m set --match-set netiface src,dst -j DROP',
            '-A POSTROUTING -p udp --dport 5 -m set --match-set netiface src,src -j DROP',
            '-A POSTROUTING -p udp --dport 6 -m set --match-set netiface src,dst -j DROP',
          ],
        },
      }),
      cases: [
        {flow: udp(w.podA, w.web, 1), expect: DROPPED},
        {flow: udp(w.podB, w.web, 1), expect: PASSED},
        {flow: udp(w.podA, w.web, 2), expect: PASSED},
        {flow: udp(w.podA, w.web, 3), expect: DROPPED},
        {flow: udp(w.podB, w.web, 3), expect: PASSED},
        {flow: udp(w.podA, w.web, 4), expect: DROPPED},
        {flow: udp(w.podB, w.web, 4), expect: DROPPED},
        {flow: udp(w.podA, w.web, 5), expect: DROPPED},
        {flow: udp(w.podA, w.web, 6), expect: DROPPED},
        {flow: udp(w.podA, w.podB, 6), expect: PASSED},
      ],
    }),
  ),
  ...inBothFamilies(
    'ipset-most-specific-net-decides',
    'hash:net,iface: the most specific net that holds the address decides, by its own interfaces only',
    w => ({
      node: w.make({
        ipset: [
          `create netiface hash:net,iface family ${w.family === 4 ? 'inet' : 'inet6'}`,
          `add netiface ${w.family === 4 ? '10.20.0.0/16' : '2001:db8:20::/48'},enia`,
          `add netiface ${w.family === 4 ? '10.20.0.0/16' : '2001:db8:20::/48'},enib`,
          `add netiface ${w.podA},eth1`,
        ],
        save: {mangle: ['-A FORWARD -p udp -m set --match-set netiface src,src -j DROP']},
      }),
      cases: [
        {flow: udp(w.podB, w.web, 1), expect: DROPPED},
        {flow: udp(w.podA, w.web, 1), expect: PASSED},
      ],
    }),
  ),
  {
    name: 'match-ttl',
    fact: 'FORWARD sees the TTL decremented already',
    node: V4.make({
      save: {
        mangle: [
          '-A PREROUTING -p udp --dport 1 -m ttl --ttl-eq 64 -j MARK --set-mark 1',
          '-A FORWARD -p udp --dport 1 -m ttl --ttl-eq 63 -j DROP',
          '-A FORWARD -p udp --dport 2 -m ttl --ttl-lt 5 -j DROP',
          '-A FORWARD -p udp --dport 3 -m ttl --ttl-gt 5 -j DROP',
        ],
      },
    }),
    cases: [
      {flow: udp(V4.podA, V4.web, 1), expect: DROPPED},
      {flow: udp(V4.podA, V4.web, 2, {ttl: 4}), expect: DROPPED},
      {flow: udp(V4.podA, V4.web, 2, {ttl: 9}), expect: PASSED},
      {flow: udp(V4.podA, V4.web, 3, {ttl: 9}), expect: DROPPED},
    ],
  },
  {
    name: 'v6-match-hop-limit',
    fact: 'FORWARD sees the hop limit decremented already',
    node: V6.make({
      save: {
        mangle: [
          '-A FORWARD -p udp --dport 1 -m hl --hl-eq 63 -j DROP',
          '-A FORWARD -p udp --dport 2 -m hl --hl-lt 5 -j DROP',
          '-A PREROUTING -p udp --dport 3 -j HL --hl-set 1',
        ],
      },
    }),
    cases: [
      {flow: udp(V6.podA, V6.web, 1), expect: DROPPED},
      {flow: udp(V6.podA, V6.web, 2, {ttl: 4}), expect: DROPPED},
      {flow: udp(V6.podA, V6.web, 3), expect: 'unroutable icmp 3/0 from *'},
    ],
  },
  {
    name: 'match-rpfilter',
    fact: '-m rpfilter asks whether the way back leads by the ingress device',
    node: V4.make({
      save: {
        raw: [
          '-A PREROUTING -p udp -m rpfilter --invert -j DROP',
          '-A PREROUTING -p tcp -m rpfilter --loose --invert -j DROP',
        ],
      },
    }),
    cases: [
      {flow: udp(V4.client, V4.podA, 1, {iif: 'eth1'}), expect: DROPPED},
      {flow: udp(V4.client, V4.podA, 1, {iif: 'eth0'}), expect: PASSED},
      {flow: tcp(V4.client, V4.podA, 1, {iif: 'eth1'}), expect: PASSED},
      {flow: udp(V4.podA, V4.web, 1), expect: PASSED},
    ],
  },
  {
    name: 'v6-match-rpfilter',
    fact: '-m rpfilter is IPv6’s source validation',
    node: V6.make({
      save: {
        raw: [
          '-A PREROUTING -p udp -m rpfilter --invert -j DROP',
          '-A PREROUTING -p tcp -m rpfilter --loose --invert -j DROP',
        ],
      },
    }),
    cases: [
      {flow: udp(V6.client, V6.podA, 1, {iif: 'eth1'}), expect: DROPPED},
      {flow: udp(V6.client, V6.podA, 1, {iif: 'eth0'}), expect: PASSED},
      {flow: tcp(V6.client, V6.podA, 1, {iif: 'eth1'}), expect: PASSED},
      {flow: udp(V6.podA, V6.web, 1), expect: PASSED},
    ],
  },
  {
    name: 'v6-match-rpfilter-device',
    fact: '-m rpfilter finds a route by the ingress device whatever its metric, and rules with `oif` and `ipproto` hold; --loose asks for any',
    node: V6.make({
      rules: ['pref 60 ipproto sctp prohibit', 'pref 50 oif enia from all to fd00:78::/64 prohibit'],
      routes: ['fd00:77::/64 dev eth1 metric 5', 'fd00:77::/64 dev enia metric 9', 'fd00:78::/64 dev enia'],
      save: {
        raw: [
          '-A PREROUTING -p udp --dport 2 -m rpfilter --loose -j DROP',
          '-A PREROUTING -m rpfilter --invert -j DROP',
        ],
      },
    }),
    cases: [
      {flow: udp('fd00:77::9', V6.web, 1, {iif: 'enia'}), expect: PASSED},
      {flow: udp('fd00:77::9', V6.web, 1, {iif: 'eth0'}), expect: DROPPED},
      {flow: udp('fd00:78::9', V6.web, 1, {iif: 'enia'}), expect: DROPPED},
      {flow: udp('fd00:78::9', V6.web, 2, {iif: 'enia'}), expect: DROPPED},
      {flow: {...udp('fd00:77::9', V6.web, 1, {iif: 'enia'}), proto: 'sctp'}, expect: DROPPED},
    ],
  },
  {
    name: 'v6-addrtype-mapped',
    fact: 'a v4-mapped address is not UNICAST',
    node: V6.make({save: {filter: ['-A FORWARD -m addrtype ! --dst-type UNICAST -j DROP']}}),
    cases: [
      {flow: udp(V6.podA, '::ffff:10.1.1.1', 1), expect: DROPPED},
      {flow: udp(V6.podA, '::10.1.1.1', 1), expect: PASSED},
      {flow: udp(V6.podA, V6.web, 1), expect: PASSED},
    ],
  },
  ...inBothFamilies('state-that-no-capture-holds', 'limit, hashlimit, connlimit, quota: either way', w => ({
    node: w.make({
      save: {
        filter: [
          '-A FORWARD -p udp --dport 1 -m limit --limit 1/hour --limit-burst 3 -j DROP',
          '-A FORWARD -p udp --dport 2 -m hashlimit --hashlimit-upto 1/hour --hashlimit-burst 3 --hashlimit-mode srcip --hashlimit-name h -j DROP',
          '-A FORWARD -p tcp --dport 3 -m connlimit --connlimit-above 100 -j DROP',
          '-A FORWARD -p udp --dport 4 -m quota --quota 1000000 -j DROP',
        ],
      },
    }),
    cases: [
      {flow: udp(w.podA, w.web, 1), expect: 'dropped silent|forwarded *'},
      {flow: udp(w.podA, w.web, 2), expect: 'dropped silent|forwarded *'},
      {flow: tcp(w.podA, w.web, 3), expect: 'dropped silent|forwarded *'},
      {flow: udp(w.podA, w.web, 4), expect: 'dropped silent|forwarded *'},
    ],
  })),
  ...inBothFamilies('owner-of-a-socket', 'owner has no answer in transit, and root’s in our sockets', w => ({
    node: w.make({
      save: {
        mangle: [
          '-A POSTROUTING -p udp --dport 1 -m owner --uid-owner 0 -j DROP',
          '-A POSTROUTING -p udp --dport 2 -m owner ! --uid-owner 0 -j DROP',
          '-A POSTROUTING -p udp --dport 3 -m owner --socket-exists -j DROP',
          '-A POSTROUTING -p udp --dport 4 -m owner ! --socket-exists -j DROP',
        ],
      },
    }),
    cases: [
      {flow: udp(w.podA, w.web, 1), expect: PASSED},
      {flow: udp(w.node, w.web, 1), expect: 'dropped *'},
      {flow: udp(w.node, w.web, 2), expect: PASSED},
      {flow: udp(w.podA, w.web, 3), expect: PASSED},
      {flow: udp(w.node, w.web, 3), expect: 'dropped *'},
      {flow: udp(w.podA, w.web, 4), expect: 'dropped *'},
      {flow: udp(w.node, w.web, 4), expect: PASSED},
    ],
  })),
]
