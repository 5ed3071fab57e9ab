import {withLineEnds} from '../../support/kubeProxyNft.js'
import {inBothFamilies, ping, tcp, udp, V4} from '../scenarios/families.js'
import type {Scenario} from '../scenarios/scenario.js'
import {AWS_CNI} from './awsCni.js'
import {NFT_DEVICES} from './devices.js'
import {NFT_ZONES} from './zones.js'

/** Native nftables, each fact by its number in docs/kernel-facts.md where it has one. */
const WRITTEN: readonly Scenario[] = [
  {
    name: 'nft-nat-binding-ends',
    fact: 'a nat chain behind the one that bound does not see the packet; a filter chain there does',
    node: V4.make({
      save: {nat: [`-A PREROUTING -d ${V4.vip} -p tcp -j DNAT --to-destination ${V4.podB}`]},
      nft: `table ip late {
        chain n { type nat hook prerouting priority -90; meta mark set 0x1 }
        chain f { type filter hook prerouting priority -80; ip daddr ${V4.podB} meta mark set mark or 0x2 }
      }`,
    }),
    cases: [
      {flow: tcp(V4.podA, V4.vip, 1), expect: 'forwarded enib *'},
      {flow: tcp(V4.podA, V4.web, 1), expect: 'forwarded eth0 *'},
    ],
  },
  ...inBothFamilies('nft-accept-ends-its-chain', 'accept ends its base chain, drop ends all', words => ({
    node: words.make({
      nft: `table inet t {
        chain a { type filter hook forward priority -10; udp dport 1 accept; udp dport 3 drop }
        chain b { type filter hook forward priority 10; udp dport 1 drop; udp dport 2 accept; udp dport 3 accept }
        chain c { type filter hook forward priority 20; policy drop; udp dport { 2, 4 } accept }
      }`,
    }),
    cases: [
      {flow: udp(words.podA, words.web, 1), expect: 'dropped'},
      {flow: udp(words.podA, words.web, 2), expect: 'forwarded eth0 *'},
      {flow: udp(words.podA, words.web, 3), expect: 'dropped'},
      {flow: udp(words.podA, words.web, 4), expect: 'forwarded eth0 *'},
      {flow: udp(words.podA, words.web, 5), expect: 'dropped'},
    ],
  })),
  ...inBothFamilies(
    'nft-order-in-a-table',
    'of two chains of one table and priority the later one runs first',
    words => ({
      node: words.make({
        nft: `table inet t {
        chain first { type filter hook forward priority 0; meta mark set mark and 0xf0 or 0x1 }
        chain second { type filter hook forward priority 0; meta mark set mark and 0x0f or 0x20 }
      }`,
      }),
      cases: [{flow: udp(words.podA, words.web, 1), expect: 'forwarded eth0 *'}],
    }),
  ),
  ...inBothFamilies('nft-order-of-tables', 'of two tables with chains of one priority either may run first', words => ({
    node: words.make({
      nft: `table inet a { chain x { type filter hook forward priority 0; meta mark set mark and 0xf0 or 0x1 } }
        table inet b { chain x { type filter hook forward priority 0; meta mark set mark and 0x0f or 0x20 } }`,
    }),
    cases: [{flow: udp(words.podA, words.web, 1), expect: 'forwarded eth0 *'}],
  })),
  ...inBothFamilies(
    'nft-left-to-right',
    'what a rule did before a match that fails stays done, and the rule did not match',
    words => ({
      node: words.make({
        nft: `table inet t { chain f { type filter hook forward priority 0;
        meta mark set 0x5 udp dport 1 drop
        meta mark 0x5 udp dport 2 drop
      } }`,
      }),
      cases: [
        {flow: udp(words.podA, words.web, 1), expect: 'dropped'},
        {flow: udp(words.podA, words.web, 2), expect: 'dropped'},
        {flow: udp(words.podA, words.web, 3), expect: 'forwarded eth0 *'},
      ],
    }),
  ),
  ...inBothFamilies('nft-map-without-key', 'a map or vmap without the key ends the rule, not the chain', words => ({
    node: words.make({
      nft: `table inet t {
        map v { type inet_service : verdict; elements = { 1 : drop, 2 : jump sub, 3 : goto sub, 4 : return } }
        map m { type inet_service : mark; elements = { 5 : 0x55, 6-8 : 0x66 } flags interval }
        chain sub { udp dport 2 return; meta mark set 0x9 }
        chain f { type filter hook forward priority 0; policy accept;
          udp dport vmap @v
          meta mark set udp dport map @m meta mark set mark or 0x100
          udp dport vmap { 10-20 : drop, * : accept }
          drop
        }
      }`,
    }),
    cases: [1, 2, 3, 4, 5, 7, 9, 11, 21].map(port => ({
      flow: udp(words.podA, words.web, port),
      expect: port === 1 || port === 11 ? 'dropped' : 'forwarded eth0 *',
    })),
  })),
  ...inBothFamilies(
    'nft-before-conntrack',
    'before conntrack the state is invalid, other ct keys end the rule, ct mark set does nothing',
    words => ({
      node: words.make({
        nft: `table inet t {
        chain early { type filter hook prerouting priority -290;
          ct state invalid meta mark set mark or 0x1
          ct state new meta mark set mark or 0x2
          ct mark 0 meta mark set mark or 0x4
          ct mark set 0x7 meta mark set mark or 0x8
          ct direction original meta mark set mark or 0x10
          ct state vmap { invalid : jump sub }
          udp dport 2 notrack
        }
        chain sub { meta mark set mark or 0x20 }
        chain later { type filter hook forward priority 0;
          ct state untracked meta mark set mark or 0x40
          ct state new ct mark 0 meta mark set mark or 0x80
          ct state != new meta mark set mark or 0x100
          ct state { established, new } meta mark set mark or 0x200
          ct state established,new meta mark set mark or 0x400
        }
      }`,
      }),
      cases: [
        {flow: udp(words.podA, words.web, 1), expect: 'forwarded eth0 *'},
        {flow: udp(words.podA, words.web, 2), expect: 'forwarded eth0 *'},
        {flow: tcp(words.podA, words.web, 1, {tcpFlags: 'RST'}), expect: 'forwarded eth0 *'},
      ],
    }),
  ),
  ...inBothFamilies('nft-no-device', 'a device that is not there has the empty name', words => ({
    node: words.make({
      nft: `table inet t {
        chain pre { type filter hook prerouting priority 0; oifname != "eth0" meta mark set mark or 0x1; oif != "lo" meta mark set mark or 0x2; iifname "eni*" meta mark set mark or 0x4; iifname { "enia", "x*" } meta mark set mark or 0x8 }
        chain out { type filter hook output priority 0; iifname != "eth0" meta mark set mark or 0x10; iif != "lo" meta mark set mark or 0x20 }
        chain post { type filter hook postrouting priority 0; oifname "eth*" meta mark set mark or 0x40; iifname != "enia" meta mark set mark or 0x80 }
      }`,
    }),
    cases: [
      {flow: udp(words.podA, words.web, 1), expect: 'forwarded eth0 *'},
      {flow: udp(words.node, words.web, 1), expect: 'forwarded eth0 *'},
    ],
  })),
  ...inBothFamilies(
    'nft-route-chains',
    'only route chains route own packets again, and only for what changed during themselves',
    words => ({
      node: words.make({
        rules: ['fwmark 0x1/0x1 lookup 2 prio 100'],
        nft: `table inet t {
        chain filter-early { type filter hook output priority -160; udp dport 1 meta mark set 0x1 }
        chain route { type route hook output priority -140; udp dport 2 meta mark set 0x1; udp dport 3 meta mark set mark; udp dport 5 meta mark set mark or 0x2 }
        chain route-late { type route hook output priority 20; udp dport 4 meta mark set 0x1 }
        chain filter-late { type filter hook output priority 10; udp dport 5 meta mark set mark or 0x1; udp dport 6 meta mark set 0x1 }
        chain route-last { type route hook output priority 30; udp dport 6 meta mark set mark or 0x4 }
      }`,
      }),
      cases: [1, 2, 3, 4, 5, 6, 7].map(port => ({
        flow: udp(words.node, words.web, port),
        expect: [2, 4, 6].includes(port) ? 'forwarded eth1 *' : 'forwarded eth0 *',
      })),
    }),
  ),
  ...inBothFamilies('nft-goto-return', 'goto does not come back; return in a base chain is its policy', words => ({
    node: words.make({
      nft: `table inet t {
        chain b { udp dport 2 return; meta mark set mark or 0x2 }
        chain a { udp dport 3 goto b; jump b; meta mark set mark or 0x4 }
        chain f { type filter hook forward priority 0; policy drop;
          udp dport 1 return
          udp dport 4 goto b
          jump a
          udp dport { 2, 3 } accept
        }
      }`,
    }),
    cases: [
      {flow: udp(words.podA, words.web, 1), expect: 'dropped'},
      {flow: udp(words.podA, words.web, 2), expect: 'forwarded eth0 *'},
      {flow: udp(words.podA, words.web, 3), expect: 'forwarded eth0 *'},
      {flow: udp(words.podA, words.web, 4), expect: 'dropped'},
    ],
  })),
  ...inBothFamilies(
    'nft-fib',
    'fib: plain local is any address of the node, with iif only the ingress device’s',
    words => ({
      node: words.make({
        nft: `table inet t { chain f { type filter hook prerouting priority -150;
        fib daddr type local meta mark set mark or 0x1
        fib daddr . iif type local meta mark set mark or 0x2
        fib saddr . iif oif missing meta mark set mark or 0x4
        fib saddr . iif oif exists meta mark set mark or 0x8
        fib saddr oifname "eni*" meta mark set mark or 0x10
        fib saddr . iif oif 0 meta mark set mark or 0x20
        fib daddr type { unicast, blackhole } meta mark set mark or 0x40
        fib daddr type != local meta mark set mark or 0x80
      } }`,
      }),
      cases: [
        {flow: udp(words.podA, words.web, 1), expect: 'forwarded eth0 *'},
        {flow: udp(words.podA, words.node, 1), expect: 'delivered'},
        {flow: udp(words.client, words.node1, 1, {iif: 'eth0'}), expect: 'delivered'},
        {flow: udp(words.client, words.node1, 1, {iif: 'eth1'}), expect: 'delivered'},
        {flow: udp(words.podB, words.web, 1, {iif: 'enia'}), expect: 'forwarded eth0 *'},
      ],
    }),
  ),
  ...inBothFamilies('nft-nat', 'dnat, snat, redirect and masquerade, with maps, ports and ranges', words => ({
    node: words.make({
      nft: `table ${words.family === 4 ? 'ip' : 'ip6'} t {
        map svc { type ${words.family === 4 ? 'ipv4' : 'ipv6'}_addr . inet_proto . inet_service : verdict; elements = { ${words.vip} . tcp . 80 : goto ep, ${words.vip} . udp . 53 : goto ep } }
        map to { type inet_service : ${words.family === 4 ? 'ipv4' : 'ipv6'}_addr . inet_service; elements = { 81 : ${words.podB} . 8081 } }
        chain ep { meta mark set mark or 0x4000; numgen random mod 2 vmap { 0 : goto e0, 1 : goto e1 } }
        chain e0 { meta l4proto tcp dnat to ${words.at(words.podA, 8080)}; meta l4proto udp dnat to ${words.at(words.podA, 53)} }
        chain e1 { meta l4proto { tcp, udp } dnat to ${words.at(words.podB, 9090)} }
        chain pre { type nat hook prerouting priority dstnat;
          ${words.family === 4 ? 'ip' : 'ip6'} daddr . meta l4proto . th dport vmap @svc
          tcp dport 81 dnat ${words.family === 4 ? 'ip' : 'ip6'} to tcp dport map @to
          tcp dport 82 dnat to ${words.family === 4 ? 'ip' : 'ip6'} saddr map { ${words.podA} : ${words.podB} }
          tcp dport 83 redirect to :8383
          tcp dport 84 dnat to :8484
        }
        chain post { type nat hook postrouting priority srcnat;
          meta mark & 0x4000 == 0 return
          meta mark set mark xor 0x4000
          masquerade fully-random
        }
      }`,
    }),
    cases: [
      {flow: tcp(words.podA, words.vip, 80), expect: 'forwarded eni* *'},
      {flow: udp(words.podA, words.vip, 53), expect: 'forwarded eni* *'},
      {flow: tcp(words.podA, words.vip, 81), expect: 'forwarded enib *'},
      {flow: tcp(words.podA, words.vip, 82), expect: 'forwarded enib *'},
      {flow: tcp(words.podB, words.vip, 82), expect: 'forwarded eth0 *'},
      {flow: tcp(words.client, words.node, 83, {iif: 'eth0'}), expect: 'delivered'},
      {flow: tcp(words.podA, words.web, 84), expect: 'forwarded eth0 *'},
      {flow: ping(words.podA, words.vip), expect: 'forwarded eth0 *'},
    ],
  })),
  {
    name: 'nft-redirect-addressless',
    fact: 'redirect from a veth without an address drops',
    node: V4.make({nft: 'table inet t { chain p { type nat hook prerouting priority dstnat; tcp dport 1 redirect } }'}),
    cases: [{flow: tcp(V4.podA, V4.web, 1), expect: 'dropped'}],
  },
  ...inBothFamilies('nft-snat-input', 'snat in a nat INPUT chain changes what the node receives', words => ({
    node: words.make({
      nft: `table ${words.family === 4 ? 'ip' : 'ip6'} t { chain i { type nat hook input priority 0; tcp dport 1 snat to ${words.vip} } }`,
    }),
    cases: [{flow: tcp(words.podA, words.node, 1), expect: 'delivered'}],
  })),
  ...inBothFamilies('nft-tcp-flags', 'comparisons of flags', words => ({
    node: words.make({
      nft: `table inet t { chain f { type filter hook forward priority 0;
        tcp flags syn meta mark set mark or 0x1
        tcp flags == syn meta mark set mark or 0x2
        tcp flags != syn meta mark set mark or 0x4
        tcp flags ! syn meta mark set mark or 0x8
        tcp flags & (fin|syn|rst|ack) == syn meta mark set mark or 0x10
        tcp flags & (fin|syn) == (fin|syn) meta mark set mark or 0x20
        tcp flags { syn, ack, syn|ack } meta mark set mark or 0x40
        tcp flags fin,rst meta mark set mark or 0x80
        ct state != new meta mark set mark or 0x100
        ct state != new,established meta mark set mark or 0x200
        ct state invalid,new meta mark set mark or 0x400
        tcp flags & syn == 0 meta mark set mark or 0x800
      } }`,
    }),
    cases: ['SYN', 'ACK', 'SYN,ACK', 'FIN', 'NONE', 'SYN,FIN', 'RST'].map(tcpFlags => ({
      flow: tcp(words.podA, words.web, 1, {tcpFlags}),
      expect: 'forwarded eth0 *',
    })),
  })),
  ...inBothFamilies('nft-arithmetic', 'marks by bits, shifts, maps and hashes', words => {
    const ip = words.family === 4 ? 'ip' : 'ip6'
    return {
      node: words.make({
        nft: `table inet t { chain f { type filter hook forward priority 0;
          udp dport 1 meta mark set ${ip} saddr map { ${words.podA} : 0x11, ${words.podB} : 0x22 }
          udp dport 2 meta mark set jhash ${ip} saddr mod 1000 seed 0xdeadbeef offset 5
          udp dport 3 meta mark set jhash ${ip} saddr . ${ip} daddr mod 1000 seed 0x1
          udp dport 4 meta mark set jhash udp sport mod 1000 seed 0x1
          udp dport 5 meta mark set jhash ${ip} saddr . udp dport . meta l4proto mod 1000 seed 0x7
          udp dport 6 meta mark set mark << 3
          udp dport 7 meta mark set mark & 0xff0f | 0x30 meta mark set mark ^ 0x3
          udp dport 8 meta mark > 0x10 meta mark < 0x100 meta mark set 0x77
          udp dport 9 meta mark 0x10-0x20 meta mark set 0x78
          udp dport 10 ct mark set mark or 0x400 meta mark set ct mark
        } }`,
      }),
      cases: Array.from({length: 10}, (_, i) => [
        {flow: udp(words.podA, words.web, i + 1, {mark: 0x1234}), expect: 'forwarded eth0 *'},
        {flow: udp(words.podB, words.web, i + 1, {mark: 0x18}), expect: 'forwarded eth0 *'},
      ]).flat(),
    }
  }),
  ...inBothFamilies('nft-headers', 'fields of headers, sets of intervals and of concatenations', words => {
    const ip = words.family === 4 ? 'ip' : 'ip6'
    const type = words.family === 4 ? 'ipv4_addr' : 'ipv6_addr'
    const icmp = words.family === 4 ? 'icmp' : 'icmpv6'
    return {
      node: words.make({
        nft: `table inet t {
          set nets { type ${type}; flags interval; elements = { ${words.podA}-${words.podB}, ${words.client} } }
          set pairs { type ${type} . inet_service; flags interval; elements = { ${words.web} . 10-20, ${words.web}/${words.host} . 30 } }
          set empty { type ${type} }
          chain f { type filter hook forward priority 0;
          ${ip} saddr @nets meta mark set mark or 0x1
          ${ip} saddr != @nets meta mark set mark or 0x2
          ${ip} daddr . th dport @pairs meta mark set mark or 0x4
          ${ip} daddr @empty meta mark set mark or 0x8
          ${ip} daddr != @empty meta mark set mark or 0x10
          meta nfproto ipv4 meta mark set mark or 0x20
          meta l4proto { tcp, udp } meta mark set mark or 0x40
          ${ip} dscp cs1 meta mark set mark or 0x80
          ${ip} ${words.family === 4 ? 'ttl' : 'hoplimit'} < 10 meta mark set mark or 0x100
          ${icmp} type echo-request meta mark set mark or 0x200
          ${icmp} type != echo-request meta mark set mark or 0x400
          tcp dport != 10 meta mark set mark or 0x800
          ip saddr != 1.1.1.1 meta mark set mark or 0x1000
          ip6 saddr != ::2 meta mark set mark or 0x2000
          th sport 40000 meta mark set mark or 0x4000
          meta protocol { ip, ip6 } meta mark set mark or 0x8000
          ip version 4 meta mark set mark or 0x10000
          meta length > 20 meta mark set mark or 0x20000
          ip frag-off & 0x1fff == 0 meta mark set mark or 0x40000
          ip protocol tcp meta mark set mark or 0x80000
          ct original ${ip} saddr ${words.podA} meta mark set mark or 0x100000
          ct direction original meta mark set mark or 0x200000
          meta l4proto udp ct reply proto-dst 40000 meta mark set mark or 0x400000
          ${ip} saddr . ${ip} daddr { ${words.podA} . ${words.web} } meta mark set mark or 0x800000
        } }`,
      }),
      cases: [
        {flow: udp(words.podA, words.web, 10), expect: 'forwarded eth0 *'},
        {flow: tcp(words.podA, words.web, 30, {dscp: 8}), expect: 'forwarded eth0 *'},
        {flow: tcp(words.client, words.podA, 10, {iif: 'eth0', ttl: 9}), expect: 'forwarded enia *'},
        {flow: udp(words.web, words.podA, 21, {iif: 'eth0'}), expect: 'forwarded enia *'},
        {flow: ping(words.podA, words.web), expect: 'forwarded eth0 *'},
      ],
    }
  }),
  ...inBothFamilies('nft-reject', 'reject answers, also in prerouting', words => ({
    node: words.make({
      nft: `table inet t {
        chain p { type filter hook prerouting priority 0; udp dport 1 reject; ${words.family === 4 ? 'ip' : 'ip6'} daddr ${words.web} udp dport 2 reject with ${words.icmp} admin-prohibited }
        chain f { type filter hook forward priority 0; tcp dport 3 reject with tcp reset; udp dport 4 reject with icmpx host-unreachable; udp dport 5 reject; reject with ${words.family === 4 ? 'icmpv6' : 'icmp'} admin-prohibited }
        chain o { type filter hook output priority 0; udp dport 6 reject }
      }`,
    }),
    cases: [
      {flow: udp(words.podA, words.web, 1), expect: 'rejected icmp *'},
      {flow: udp(words.podA, words.web, 2), expect: 'rejected icmp *'},
      {flow: tcp(words.podA, words.web, 3), expect: 'rejected reset *'},
      {flow: udp(words.podA, words.web, 3), expect: 'forwarded eth0 *'},
      {flow: udp(words.podA, words.web, 4), expect: 'rejected icmp *'},
      {flow: udp(words.podA, words.web, 5), expect: 'rejected icmp *'},
      {flow: udp(words.node, words.web, 6), expect: 'rejected'},
    ],
  })),
  {
    name: 'nft-without-conntrack',
    fact: 'nat chains do not run while nothing of the family asks for conntrack',
    node: V4.make({
      nft: `table ip t { chain p { type nat hook prerouting priority dstnat; meta mark set 0x1 } }
        table ip6 u { chain f { type filter hook forward priority 0; ct state new accept } }`,
    }),
    cases: [{flow: udp(V4.podA, V4.web, 1), expect: 'forwarded eth0 *'}],
  },
  {
    name: 'nft-with-conntrack',
    fact: 'a rule that no packet reaches is enough to make them run',
    node: V4.make({
      nft: `table ip t { chain p { type nat hook prerouting priority dstnat; meta mark set 0x1; }
        chain unused { ct mark set 0x1 } }`,
    }),
    cases: [{flow: udp(V4.podA, V4.web, 1), expect: 'forwarded eth0 *'}],
  },
  ...inBothFamilies('nft-dormant', 'the chains of a dormant table do not run', words => ({
    node: words.make({
      nft: `table inet t { flags dormant; chain f { type filter hook forward priority 0; policy drop; } }`,
    }),
    cases: [{flow: udp(words.podA, words.web, 1), expect: 'forwarded eth0 *'}],
  })),
  ...inBothFamilies(
    'nft-ingress',
    'chains of a device’s ingress run before all others, in netdev tables and in inet ones',
    words => ({
      node: words.make({
        nft: `table netdev n {
        chain in { type filter hook ingress device "enia" priority 0; meta mark set 0x3; udp dport 9 meta mark set 0x4 }
      }
      table inet t {
        chain in { type filter hook ingress device "enib" priority 0; udp dport 2 drop; meta nfproto ${words.family === 4 ? 'ipv4' : 'ipv6'} meta mark set 0x6 }
        chain f { type filter hook forward priority 0; meta mark 0x3 meta mark set 0x5 }
      }`,
      }),
      cases: [
        {flow: udp(words.podA, words.web, 1), expect: 'forwarded eth0 *'},
        {flow: udp(words.podB, words.web, 1), expect: 'forwarded eth0 *'},
        {flow: udp(words.podB, words.web, 2), expect: 'dropped'},
      ],
    }),
  ),
  ...inBothFamilies('nft-rewrite', 'fields of the packet are rewritten behind the back of conntrack', words => {
    const ip = words.family === 4 ? 'ip' : 'ip6'
    return {
      node: words.make({
        nft: `table inet t {
          chain p { type filter hook prerouting priority -350; udp dport 1 ${ip} daddr set ${words.podB}; udp dport 2 udp dport set 22; udp dport 3 ${ip} dscp set cs2 }
        }`,
      }),
      cases: [1, 2, 3].map(port => ({
        flow: udp(words.podA, words.web, port),
        expect: port === 1 ? 'forwarded enib *' : 'forwarded eth0 *',
      })),
    }
  }),
  ...inBothFamilies(
    'nft-answer-from-a-strange-address',
    'TCP and ICMPv6 answer from an address that is not the node’s; over IPv4 nothing does',
    words => {
      const ip = words.family === 4 ? 'ip' : 'ip6'
      return {
        node: words.make({
          nft: `table inet t { chain i { type filter hook input priority 0; ct direction original ${ip} saddr ${words.podA} ${ip} daddr set ${words.web} } }`,
        }),
        cases: [
          {flow: tcp(words.podA, words.node, 1), expect: 'delivered *'},
          {flow: ping(words.podA, words.node), expect: 'delivered *'},
        ],
      }
    },
  ),
]

export const NATIVE: readonly Scenario[] = [...AWS_CNI, ...WRITTEN, ...NFT_DEVICES, ...NFT_ZONES].map(
  ({node, ...scenario}) => ({
    ...scenario,
    node: {...node, nft: withLineEnds(node.nft ?? '')},
  }),
)
