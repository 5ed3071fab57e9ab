import {inBothFamilies, tcp, udp} from '../scenarios/families.js'
import type {Scenario} from '../scenarios/scenario.js'
import {transparentSocket} from '../scenarios/transparentSocket.js'

/** Chains of devices, and the statements that send packets elsewhere. */
export const NFT_DEVICES: readonly Scenario[] = [
  ...inBothFamilies(
    'nft-egress',
    'chains at egress see a packet behind all hooks of IP, by the device it leaves by',
    w => ({
      node: w.make({
        nft: `table netdev n {
        chain in { type filter hook ingress device "enia" priority 0; udp dport 9 drop }
        chain out { type filter hook egress device "eth0" priority 0; udp dport 1 drop; udp dport 2 counter; meta mark 0x5 udp dport 3 drop }
        chain back { type filter hook egress device "enia" priority 0; udp sport 4 drop }
      }
      table inet t { chain p { type filter hook postrouting priority 300; meta mark set 0x5 } }`,
      }),
      cases: [
        {flow: udp(w.podA, w.web, 1), expect: 'dropped'},
        {flow: udp(w.podA, w.podB, 1), expect: 'forwarded enib *'},
        {flow: udp(w.podA, w.web, 2), expect: 'forwarded eth0 *'},
        {flow: udp(w.podA, w.web, 3), expect: 'dropped'},
        {flow: udp(w.node, w.web, 1), expect: 'dropped'},
        {flow: udp(w.podA, w.web, 4), expect: 'forwarded eth0 *'},
        {flow: udp(w.podA, w.web, 9), expect: 'dropped'},
      ],
    }),
  ),
  ...inBothFamilies('nft-loopback-device', 'what is sent over lo passes its chains at egress and at ingress', w => ({
    node: w.make({
      nft: `table netdev n {
        chain out { type filter hook egress device "lo" priority 0; udp dport 1 drop; udp dport 3 counter }
        chain in { type filter hook ingress device "lo" priority 0; udp dport 2 drop; udp dport 3 meta mark set 0x7 }
      }`,
    }),
    cases: [
      {flow: udp(w.node, w.node, 1), expect: 'dropped'},
      {flow: udp(w.node, w.node, 2), expect: 'dropped'},
      {flow: udp(w.node, w.node, 3), expect: 'delivered *'},
    ],
  })),
  ...inBothFamilies('nft-fwd', 'fwd at ingress hands the frame to a device, past routing and the hooks of IP', w => ({
    node: w.make({
      nft: `table netdev n {
        chain in { type filter hook ingress device "enia" priority 0;
          udp dport 1 fwd to "enib"
          udp dport 2 fwd ${w.family === 4 ? 'ip' : 'ip6'} to ${w.gateway1} device "eth1"
          udp dport 3 fwd to "enib"
        }
        chain out { type filter hook egress device "enib" priority 0; udp dport 3 drop }
      }
      table inet t { chain p { type filter hook prerouting priority -400; udp dport { 1, 2, 3 } drop } }`,
    }),
    cases: [
      {flow: udp(w.podA, w.web, 1), expect: 'forwarded enib *'},
      {flow: udp(w.podA, w.web, 2), expect: 'forwarded eth1 *'},
      {flow: udp(w.podA, w.web, 2, {ttl: 1}), expect: 'dropped|dropped/unroutable'},
      {flow: udp(w.podA, w.web, 3), expect: 'dropped'},
      {flow: udp(w.podA, w.web, 4), expect: 'forwarded eth0 *'},
    ],
  })),
  ...inBothFamilies('nft-dup', 'dup sends a copy, and the packet goes on', w => ({
    node: w.make({
      nft: `table netdev n { chain in { type filter hook ingress device "enia" priority 0; udp dport 1 dup to "enib" meta mark set 0x3 } }
        table ${w.family === 4 ? 'ip' : 'ip6'} t { chain p { type filter hook prerouting priority -150; udp dport 2 dup to ${w.podB} device "enib" meta mark set 0x4 } }`,
    }),
    cases: [
      {flow: udp(w.podA, w.web, 1), expect: 'forwarded eth0 *'},
      {flow: udp(w.podA, w.web, 2), expect: 'forwarded eth0 *'},
    ],
  })),
  ...inBothFamilies(
    'nft-synproxy',
    'synproxy lets go what is no handshake, and ends the rule of other protocols',
    w => ({
      node: w.make({
        nft: `table inet t { chain f { type filter hook forward priority 0;
        meta l4proto { tcp, udp } synproxy mss 1460 wscale 7 timestamp sack-perm
        meta mark set 0x1
      } }`,
      }),
      cases: [
        {flow: udp(w.podA, w.web, 1), expect: 'forwarded eth0 *'},
        ...(w.family === 4 ? [{flow: tcp(w.podA, w.web, 1, {tcpFlags: 'RST'}), expect: 'forwarded eth0 *'}] : []),
      ],
    }),
  ),
  ...inBothFamilies(
    'nft-tproxy',
    'tproxy leads to a transparent socket where one listens, and ends its rule where none does',
    w => ({
      node: {
        ...w.make({
          rules: ['pref 100 fwmark 0x1/0x1 lookup 100'],
          routes: [w.family === 4 ? 'local default dev lo table 100' : 'local ::/0 dev lo table 100'],
          nft: `table inet t { chain p { type filter hook prerouting priority mangle;
            udp dport 1 tproxy ${w.family === 4 ? 'ip' : 'ip6'} to :7001 meta mark set 0x1 accept
            udp dport 2 tproxy ${w.family === 4 ? 'ip to 127.0.0.1' : 'ip6 to [::1]'}:7001 meta mark set 0x3 accept
            udp dport 3 tproxy to :7009 meta mark set 0x1
            udp dport 4 tproxy to :7001
            meta l4proto udp meta mark set mark or 0x10
          } }`,
        }),
        afterwards: [transparentSocket(w.family, 7001)],
      },
      cases: [
        {flow: udp(w.podA, w.web, 1), expect: `delivered ${w.pair(w.podA, 40000, w.web, 1)}`},
        {flow: udp(w.podA, w.web, 2), expect: `delivered ${w.pair(w.podA, 40000, w.web, 2)}`},
        {flow: udp(w.podA, w.web, 3), expect: 'forwarded eth0 *'},
        {flow: udp(w.podA, w.web, 4), expect: 'unroutable|dropped/unroutable'},
        {flow: udp(w.podA, w.web, 5), expect: 'forwarded eth0 *'},
      ],
    }),
  ),
]
