import {inBothFamilies, ping, tcp, udp, V4, V6} from './families.js'
import type {Scenario} from './scenario.js'

/** Verdicts, chains, and what REJECT sends. */
export const FILTERING: readonly Scenario[] = [
  ...inBothFamilies(
    'reject-kinds',
    'REJECT answers with its ICMP code or a reset; a reset and an ICMP error get no answer',
    w => {
      const four = w.family === 4
      return {
        node: w.make({
          save: {
            filter: [
              `-A FORWARD -p udp --dport 1 -j REJECT --reject-with ${four ? 'icmp-admin-prohibited' : 'icmp6-adm-prohibited'}`,
              '-A FORWARD -p tcp --dport 2 -j REJECT --reject-with tcp-reset',
              '-A FORWARD -p tcp --dport 3 -j REJECT',
              `-A FORWARD -p udp --dport 4 -j REJECT --reject-with ${four ? 'icmp-net-unreachable' : 'icmp6-no-route'}`,
              `-A FORWARD -p udp --dport 5 -j REJECT --reject-with ${four ? 'icmp-host-prohibited' : 'icmp6-addr-unreachable'}`,
              `-A FORWARD -p udp --dport 6 -j REJECT --reject-with ${four ? 'icmp-proto-unreachable' : 'icmp6-policy-fail'}`,
              `-A FORWARD -p ${w.icmp} -j REJECT`,
              '-A INPUT -p udp --dport 7 -j REJECT',
            ],
          },
        }),
        cases: [
          {flow: udp(w.podA, w.web, 1), expect: `rejected icmp ${four ? '3/13' : '1/1'} from ${w.node}`},
          {flow: tcp(w.podA, w.web, 2), expect: `rejected reset from ${w.web}`},
          {flow: tcp(w.podA, w.web, 2, {tcpFlags: 'RST'}), expect: 'rejected silent'},
          {flow: tcp(w.podA, w.web, 2, {tcpFlags: 'ACK'}), expect: `rejected reset from ${w.web}`},
          {flow: tcp(w.podA, w.web, 3), expect: `rejected icmp ${four ? '3/3' : '1/4'} from ${w.node}`},
          {flow: udp(w.podA, w.web, 4), expect: `rejected icmp ${four ? '3/0' : '1/0'} from ${w.node}`},
          {flow: udp(w.podA, w.web, 5), expect: `rejected icmp ${four ? '3/10' : '1/3'} from ${w.node}`},
          {flow: udp(w.podA, w.web, 6), expect: `rejected icmp ${four ? '3/2' : '1/5'} from ${w.node}`},
          {flow: ping(w.podA, w.web), expect: `rejected icmp ${four ? '3/3' : '1/4'} from ${w.node}`},
          {
            flow: ping(w.podA, w.web, four ? {icmpType: 3, icmpCode: 1} : {icmpType: 1, icmpCode: 1}),
            expect: 'rejected silent',
          },
          {flow: udp(w.podA, w.node1, 7), expect: `rejected icmp ${four ? '3/3' : '1/4'} from ${w.node1}`},
        ],
      }
    },
  ),
  ...inBothFamilies(
    'reject-answer-is-routed',
    'the answer of REJECT goes its own way; its source is the way’s in IPv4, but not in IPv6',
    w => ({
      node: w.make({
        rules: [`pref 100 to ${w.podA} lookup main`, `pref 110 to ${w.client} lookup 2`],
        save: {filter: ['-A FORWARD -p udp -j REJECT']},
      }),
      cases: [
        {
          flow: udp(w.client, w.podB, 1, {iif: 'eth0'}),
          expect: w.family === 4 ? `rejected icmp 3/3 from ${w.node1}` : `rejected icmp 1/4 from ${w.node}`,
        },
      ],
    }),
  ),
  ...inBothFamilies(
    'goto',
    'after -g the end of a chain, and RETURN in it, go back to the caller’s caller; from a base chain to the policy',
    w => ({
      node: w.make({
        save: {
          filter: [
            '-A FORWARD -p udp -g A',
            '-A FORWARD -p tcp -j B',
            '-A FORWARD -p tcp --dport 3 -j DROP',
            '-A FORWARD -p udp -j DROP',
            '-A A -p udp --dport 1 -j RETURN',
            '-A A -p udp --dport 2 -j DROP',
            '-A B -p tcp -g C',
            '-A B -j DROP',
            '-A C -p tcp --dport 4 -j RETURN',
            '-A C -p tcp --dport 5 -j DROP',
          ],
        },
      }),
      cases: [
        {flow: udp(w.podA, w.web, 1), expect: 'forwarded eth0 *'},
        {flow: udp(w.podA, w.web, 2), expect: 'dropped silent'},
        {flow: udp(w.podA, w.web, 3), expect: 'forwarded eth0 *'},
        {flow: tcp(w.podA, w.web, 3), expect: 'dropped silent'},
        {flow: tcp(w.podA, w.web, 4), expect: 'forwarded eth0 *'},
        {flow: tcp(w.podA, w.web, 5), expect: 'dropped silent'},
      ],
    }),
  ),
  ...inBothFamilies('return-from-base', 'RETURN in a base chain is its policy', w => ({
    node: w.make({
      save: {
        filter: [
          '-P FORWARD DROP',
          '-A FORWARD -p udp -j RETURN',
          '-A FORWARD -j ACCEPT',
          '-P INPUT DROP',
          '-A INPUT -p udp -j RETURN',
          '-A INPUT -p tcp -j ACCEPT',
        ],
      },
    }),
    cases: [
      {flow: udp(w.podA, w.web, 1), expect: 'dropped silent'},
      {flow: tcp(w.podA, w.web, 1), expect: 'forwarded eth0 *'},
      {flow: udp(w.podA, w.node, 1), expect: 'dropped silent'},
      {flow: tcp(w.podA, w.node, 1), expect: 'delivered *'},
    ],
  })),
  ...inBothFamilies('accept-ends-one-table', 'ACCEPT ends the base chain, not the hook', w => ({
    node: w.make({
      save: {
        raw: ['-A PREROUTING -p udp -j ACCEPT', '-A PREROUTING -p udp -j DROP'],
        mangle: ['-A FORWARD -p udp --dport 1 -j ACCEPT', '-A FORWARD -p udp -j MARK --set-mark 0x9'],
        filter: ['-A FORWARD -p udp --dport 1 -j ACCEPT', '-A FORWARD -p udp --dport 2 -j DROP'],
        security: ['-A FORWARD -p udp --dport 1 -j DROP'],
      },
    }),
    cases: [
      {flow: udp(w.podA, w.web, 1), expect: 'dropped silent'},
      {flow: udp(w.podA, w.web, 2), expect: 'dropped silent'},
      {flow: udp(w.podA, w.web, 3), expect: 'forwarded eth0 *'},
    ],
  })),
  ...inBothFamilies('drop-in-every-table', 'a packet may be dropped in raw, mangle and security too', w => ({
    node: w.make({
      save: {
        raw: ['-A PREROUTING -p udp --dport 1 -j DROP'],
        mangle: [
          '-A PREROUTING -p udp --dport 2 -j DROP',
          '-A POSTROUTING -p udp --dport 3 -j DROP',
          '-A INPUT -p udp --dport 4 -j DROP',
        ],
        security: ['-A INPUT -p udp --dport 5 -j DROP', '-A OUTPUT -p udp --dport 6 -j DROP'],
      },
    }),
    cases: [
      {flow: udp(w.podA, w.web, 1), expect: 'dropped silent'},
      {flow: udp(w.podA, w.web, 2), expect: 'dropped silent'},
      {flow: udp(w.podA, w.web, 3), expect: 'dropped silent'},
      {flow: udp(w.podA, w.node, 4), expect: 'dropped silent'},
      {flow: udp(w.podA, w.node, 5), expect: 'dropped silent'},
      {flow: udp(w.node, w.web, 6), expect: 'dropped EPERM'},
    ],
  })),
  ...inBothFamilies(
    'negated-out-interface',
    'in PREROUTING and INPUT there is no out device: `! -o X` and `-o +` are true, `-o X` never',
    w => ({
      node: w.make({
        save: {
          raw: [
            '-A PREROUTING -j U',
            '-A U ! -o eth9 -p udp --dport 1 -j DROP',
            '-A U -o eth0 -p udp --dport 2 -j DROP',
            '-A U -o + -p udp --dport 3 -j DROP',
          ],
        },
      }),
      cases: [
        {flow: udp(w.podA, w.web, 1), expect: 'dropped silent'},
        {flow: udp(w.podA, w.web, 2), expect: 'forwarded eth0 *'},
        {flow: udp(w.podA, w.web, 3), expect: 'dropped silent'},
      ],
    }),
  ),
  ...inBothFamilies('interface-wildcards', '`eni+` is a prefix; the name alone is too', w => ({
    node: w.make({
      save: {
        filter: [
          '-A FORWARD -i eni+ -o eth0 -p udp --dport 1 -j DROP',
          '-A FORWARD -i eni -j DROP',
          '-A FORWARD -i enia+ -p udp --dport 2 -j DROP',
          '-A FORWARD ! -i enia -p udp --dport 3 -j DROP',
        ],
      },
    }),
    cases: [
      {flow: udp(w.podA, w.web, 1), expect: 'dropped silent'},
      {flow: udp(w.podA, w.podB, 1), expect: 'forwarded enib *'},
      {flow: udp(w.podA, w.web, 2), expect: 'dropped silent'},
      {flow: udp(w.podB, w.web, 2), expect: 'forwarded eth0 *'},
      {flow: udp(w.podB, w.web, 3), expect: 'dropped silent'},
    ],
  })),
  ...inBothFamilies('icmp-types', 'types, codes and ranges of codes', w => {
    const [type, code] =
      w.family === 4
        ? ['icmp --icmp-type', 'destination-unreachable']
        : ['icmp6 --icmpv6-type', 'destination-unreachable']
    const icmpType = w.family === 4 ? 3 : 1
    return {
      node: w.make({
        save: {
          filter: [
            `-A FORWARD -p ${w.icmp} -m ${type} echo-request -j DROP`,
            `-A FORWARD -p ${w.icmp} -m ${type} ${icmpType}/1 -j DROP`,
            `-A FORWARD -p ${w.icmp} -m ${type} ${code} -j ACCEPT`,
            `-A FORWARD -p ${w.icmp} -m ${type.replace('--', '! --')} ${w.family === 4 ? 13 : 3} -j DROP`,
          ],
        },
      }),
      cases: [
        {flow: ping(w.podA, w.web), expect: 'dropped silent'},
        {flow: ping(w.podA, w.web, {icmpType, icmpCode: 1}), expect: 'dropped silent'},
        {flow: ping(w.podA, w.web, {icmpType, icmpCode: 0}), expect: 'forwarded eth0 *'},
        {flow: ping(w.podA, w.web, {icmpType: w.family === 4 ? 13 : 3}), expect: 'forwarded eth0 *'},
        {flow: ping(w.podA, w.web, {icmpType: w.family === 4 ? 0 : 129}), expect: 'dropped silent'},
      ],
    }
  }),
  ...inBothFamilies(
    'conntrack-states',
    'ACK alone is NEW; RST, FIN, SYN+ACK, SYN+FIN and no flags are INVALID; an echo reply alone is INVALID',
    w => ({
      node: w.make({
        save: {
          filter: [
            '-A FORWARD -m conntrack --ctstate INVALID -j REJECT',
            '-A FORWARD -m conntrack --ctstate NEW -j DROP',
          ],
        },
      }),
      cases: [
        ...['SYN', 'ACK'].map(tcpFlags => ({flow: tcp(w.podA, w.web, 1, {tcpFlags}), expect: 'dropped silent'})),
        ...['FIN', 'FIN,ACK', 'SYN,ACK', 'SYN,FIN', 'NONE'].map(tcpFlags => ({
          flow: tcp(w.podA, w.web, 1, {tcpFlags}),
          expect: 'rejected icmp *',
        })),
        {flow: tcp(w.podA, w.web, 1, {tcpFlags: 'RST'}), expect: 'rejected *'},
        {flow: udp(w.podA, w.web, 1), expect: 'dropped silent'},
        {flow: ping(w.podA, w.web), expect: 'dropped silent'},
        {flow: ping(w.podA, w.web, {icmpType: w.family === 4 ? 0 : 129}), expect: 'rejected *'},
        {flow: {src: w.podA, dst: w.web, proto: 'sctp', sport: 1, dport: 2}, expect: 'dropped silent'},
        {flow: {src: w.podA, dst: w.web, proto: 'gre'}, expect: 'dropped silent'},
      ],
    }),
  ),
  ...inBothFamilies('tcp-not-loose', 'with nf_conntrack_tcp_loose 0 an ACK alone is INVALID', w => ({
    node: w.make({
      sysctl: {'net.netfilter.nf_conntrack_tcp_loose': '0'},
      save: {filter: ['-A FORWARD -m conntrack --ctstate INVALID -j DROP']},
    }),
    cases: [
      {flow: tcp(w.podA, w.web, 1, {tcpFlags: 'ACK'}), expect: 'dropped silent'},
      {flow: tcp(w.podA, w.web, 1), expect: 'forwarded eth0 *'},
    ],
  })),
  ...inBothFamilies('reply-is-established', 'the reply is ESTABLISHED and may pass where a new packet may not', w => ({
    node: w.make({
      save: {
        filter: [
          '-P FORWARD DROP',
          '-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
          '-A FORWARD -i enia -p udp -j ACCEPT',
          '-A FORWARD -i enia -m conntrack --ctdir REPLY -j DROP',
        ],
      },
    }),
    cases: [
      {flow: udp(w.podA, w.web, 1), expect: 'forwarded eth0 * reply forwarded enia'},
      {flow: udp(w.client, w.podA, 1, {iif: 'eth0'}), expect: 'dropped silent'},
    ],
  })),
  ...inBothFamilies(
    'ctstate-dnat-snat',
    'DNAT is a state from PREROUTING on, SNAT only of what passed POSTROUTING',
    w => ({
      node: w.make({
        save: {
          nat: [
            `-A PREROUTING -d ${w.vip} -p udp -j DNAT --to-destination ${w.web}`,
            `-A POSTROUTING -o eth0 -j SNAT --to-source ${w.node}`,
          ],
          filter: [
            '-A FORWARD -m conntrack --ctstate SNAT -j DROP',
            '-A FORWARD -m conntrack --ctstate DNAT -j REJECT',
          ],
        },
      }),
      cases: [
        {flow: udp(w.podA, w.vip, 9), expect: 'rejected icmp *'},
        {flow: udp(w.podA, w.web, 9), expect: `forwarded eth0 ${w.pair(w.node, 40000, w.web, 9)} reply dropped`},
      ],
    }),
  ),
  ...inBothFamilies('ct-original-tuple', 'ctorigdst and ctorigdstport are those before DNAT', w => ({
    node: w.make({
      save: {
        nat: [`-A PREROUTING -d ${w.vip} -p tcp -j DNAT --to-destination ${w.at(w.podB, 8080)}`],
        filter: [
          `-A FORWARD -p tcp -m conntrack --ctorigdst ${w.vip} --ctorigdstport 80 -j ACCEPT`,
          `-A FORWARD -p tcp -m conntrack --ctreplsrc ${w.podB} --ctreplsrcport 8080 --ctdir ORIGINAL -j DROP`,
          `-A FORWARD -p udp -m conntrack --ctproto tcp -j DROP`,
        ],
      },
    }),
    cases: [
      {flow: tcp(w.podA, w.vip, 80), expect: `forwarded enib ${w.pair(w.podA, 40000, w.podB, 8080)}`},
      {flow: tcp(w.podA, w.vip, 81), expect: 'dropped silent'},
      {flow: udp(w.podA, w.web, 81), expect: 'forwarded eth0 *'},
    ],
  })),
  ...inBothFamilies('marks', '--set-mark, --or-mark, --and-mark and --xor-mark, under masks', w => ({
    node: w.make({
      save: {
        mangle: [
          '-A PREROUTING -j MARK --set-xmark 0x12/0xff',
          '-A PREROUTING -j MARK --or-mark 0x100',
          '-A PREROUTING -j MARK --and-mark 0xfffffffd',
          '-A PREROUTING -j MARK --xor-mark 0x1000',
          '-A PREROUTING -p udp --dport 2 -j MARK --set-mark 0x7/0x3',
        ],
        filter: [
          '-A FORWARD -m mark --mark 0x1110 -j DROP',
          '-A FORWARD -m mark --mark 0x3/0xf -j ACCEPT',
          '-A FORWARD -m mark ! --mark 0x10000/0x10000 -j REJECT',
        ],
      },
    }),
    cases: [
      {flow: udp(w.podA, w.web, 1), expect: 'dropped silent'},
      {flow: udp(w.podA, w.web, 2), expect: 'rejected *'},
      {flow: udp(w.podA, w.web, 1, {mark: 0x10000}), expect: 'forwarded eth0 *'},
    ],
  })),
  ...inBothFamilies(
    'connmarks',
    '--set-xmark, --save-mark and --restore-mark, under masks; the reply has them too',
    w => ({
      node: w.make({
        save: {
          mangle: [
            '-A PREROUTING -i enia -j MARK --set-mark 0xab',
            '-A PREROUTING -i enia -j CONNMARK --save-mark --nfmask 0xf0 --ctmask 0xf0',
            '-A FORWARD -i enia -j CONNMARK --set-xmark 0x1/0x1',
            '-A PREROUTING -i eth0 -j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xf0',
          ],
          filter: [
            '-A FORWARD -i enia -m connmark ! --mark 0xa1 -j DROP',
            '-A FORWARD -i enia -j ACCEPT',
            '-A FORWARD -i eth0 -m mark ! --mark 0xa0 -j DROP',
            '-A FORWARD -i eth0 -m connmark --mark 0xa1/0xff -j ACCEPT',
            '-A FORWARD -j DROP',
          ],
        },
      }),
      cases: [
        {flow: udp(w.podA, w.web, 1), expect: `forwarded eth0 ${w.pair(w.podA, 40000, w.web, 1)} reply forwarded enia`},
        {flow: udp(w.client, w.podB, 1, {iif: 'eth0'}), expect: 'dropped silent'},
      ],
    }),
  ),
  ...inBothFamilies('equal-verdict-order', 'the first of two rules that match decides', w => ({
    node: w.make({
      save: {
        filter: [
          '-A FORWARD -p udp --dport 1:10 -j ACCEPT',
          '-A FORWARD -p udp --dport 5 -j DROP',
          '-A FORWARD -p udp --dport 11 -j DROP',
        ],
      },
    }),
    cases: [
      {flow: udp(w.podA, w.web, 5), expect: 'forwarded eth0 *'},
      {flow: udp(w.podA, w.web, 11), expect: 'dropped silent'},
    ],
  })),
  {
    name: 'reject-of-broadcast',
    fact: 'a broadcast is rejected without an answer',
    node: V4.make({save: {filter: ['-A INPUT -p udp -j REJECT']}}),
    cases: [
      {flow: udp(V4.podA, '10.20.0.255', 1), expect: 'rejected silent'},
      {flow: udp(V4.podA, V4.node, 1), expect: `rejected icmp 3/3 from ${V4.node}`},
    ],
  },
  {
    name: 'v6-nd-untracked',
    fact: 'neighbour discovery is UNTRACKED, and refused where its hop limit is not 255',
    node: V6.make({
      save: {
        filter: [
          '-A INPUT -p ipv6-icmp -m conntrack --ctstate UNTRACKED -j DROP',
          '-A INPUT -p ipv6-icmp -m conntrack --ctstate NEW -j REJECT',
        ],
      },
    }),
    cases: [
      {flow: ping(V6.podA, V6.node, {icmpType: 135, ttl: 255}), expect: 'dropped silent'},
      {flow: ping(V6.podA, V6.node, {icmpType: 133, ttl: 255}), expect: 'dropped silent'},
      {flow: ping(V6.podA, V6.node, {icmpType: 128}), expect: 'rejected icmp 1/4 from *'},
    ],
  },
  {
    name: 'v6-icmp-errors-alone',
    fact: 'an ICMPv6 error that belongs to no connection is INVALID',
    node: V6.make({
      save: {
        filter: [
          '-A FORWARD -m conntrack --ctstate INVALID -j DROP',
          '-A FORWARD -m conntrack --ctstate NEW -j REJECT',
        ],
      },
    }),
    cases: [1, 2, 3, 4].map(icmpType => ({flow: ping(V6.podA, V6.web, {icmpType}), expect: 'dropped silent'})),
  },
]
