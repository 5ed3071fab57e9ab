import {inBothFamilies, ping, tcp, udp, V4, V6} from './families.js'
import type {Scenario} from './scenario.js'

/** Address translation of packets in transit and of what the node receives. */
export const NAT: readonly Scenario[] = [
  ...inBothFamilies('dnat-snat-reply', 'the reply is rewritten back without any rule', w => ({
    node: w.make({
      save: {
        nat: [
          `-A PREROUTING -d ${w.vip} -p udp --dport 53 -j DNAT --to-destination ${w.at(w.podB, 5353)}`,
          `-A POSTROUTING -d ${w.podB} -j SNAT --to-source ${w.node}`,
          `-A PREROUTING -s ${w.podB} -j DNAT --to-destination ${w.client}`,
        ],
      },
    }),
    cases: [
      {
        flow: udp(w.podA, w.vip, 53),
        expect: `forwarded enib ${w.pair(w.node, 40000, w.podB, 5353)} reply forwarded enia ${w.pair(w.vip, 53, w.podA, 40000)}`,
      },
      {flow: udp(w.podA, w.vip, 54), expect: `forwarded eth0 ${w.pair(w.podA, 40000, w.vip, 54)}`},
    ],
  })),
  ...inBothFamilies('hairpin', 'a pod that reaches itself by a service needs its packet masqueraded', w => ({
    node: w.make({
      save: {
        nat: [
          `-A PREROUTING -d ${w.vip} -p tcp -j SVC`,
          `-A SVC -s ${w.podA} -j MARK --set-xmark 0x4000/0x4000`,
          `-A SVC -p tcp -j DNAT --to-destination ${w.at(w.podA, 8080)}`,
          '-A POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
          '-A POSTROUTING -j MARK --set-xmark 0x4000/0x0',
          '-A POSTROUTING -j MASQUERADE --random-fully',
        ],
      },
    }),
    cases: [
      {
        flow: tcp(w.podA, w.vip, 80),
        expect: `forwarded enia ${w.pair(w.node, 0, w.podA, 8080).replace(':0>', ':*>')} reply forwarded enia ${w.pair(w.vip, 80, w.podA, 40000)}`,
      },
      {
        flow: tcp(w.podB, w.vip, 80),
        expect: `forwarded enia ${w.pair(w.podB, 40000, w.podA, 8080)} reply forwarded enib`,
      },
    ],
  })),
  ...inBothFamilies('kube-xor', '--set-xmark V/0 is an XOR: later rules do not see the mark', w => ({
    node: w.make({
      save: {
        nat: [
          '-A PREROUTING -p udp --dport 1 -j MARK --set-xmark 0x4000/0x4000',
          '-A POSTROUTING -j KUBE',
          '-A POSTROUTING -m mark --mark 0x4000/0x4000 -j DROPPED',
          '-A DROPPED -j SNAT --to-source ' + w.client,
          '-A KUBE -m mark ! --mark 0x4000/0x4000 -j RETURN',
          '-A KUBE -j MARK --set-xmark 0x4000/0x0',
        ],
      },
    }),
    cases: [
      {flow: udp(w.podA, w.web, 1), expect: `forwarded eth0 ${w.pair(w.podA, 40000, w.web, 1)}`},
      {flow: udp(w.podA, w.web, 1, {mark: 0x8000}), expect: `forwarded eth0 ${w.pair(w.podA, 40000, w.web, 1)}`},
    ],
  })),
  ...inBothFamilies('masquerade-out-device', 'MASQUERADE takes the address of the device it leaves by', w => ({
    node: w.make({
      rules: [`pref 100 from ${w.podB} lookup 2`],
      save: {nat: ['-A POSTROUTING ! -o eni+ -j MASQUERADE']},
    }),
    cases: [
      {flow: udp(w.podA, w.web, 9), expect: `forwarded eth0 ${w.pair(w.node, 40000, w.web, 9)} reply forwarded enia`},
      {flow: udp(w.podB, w.web, 9), expect: `forwarded eth1 ${w.pair(w.node1, 40000, w.web, 9)} reply forwarded enib`},
      {flow: udp(w.podA, w.podB, 9), expect: `forwarded enib ${w.pair(w.podA, 40000, w.podB, 9)}`},
      {flow: ping(w.podA, w.web), expect: `forwarded eth0 ${w.node}>${w.web}`},
      {flow: udp(w.node1, w.web, 9), expect: `forwarded eth0 ${w.pair(w.node, 40000, w.web, 9)}`},
    ],
  })),
  ...inBothFamilies(
    'masquerade-addressless-veth',
    'out of a device without an address MASQUERADE takes one of the node’s',
    w => ({
      node: w.make({save: {nat: ['-A POSTROUTING -o enib -j MASQUERADE']}}),
      cases: [{flow: udp(w.podA, w.podB, 53), expect: `forwarded enib ${w.pair(w.node, 40000, w.podB, 53)}`}],
    }),
  ),
  ...inBothFamilies('masquerade-to-ports', '--to-ports picks the port, --random any', w => ({
    node: w.make({
      save: {
        nat: [
          '-A POSTROUTING -p udp --dport 1 -j MASQUERADE --to-ports 1024-1026',
          '-A POSTROUTING -p udp --dport 2 -j MASQUERADE --random',
        ],
      },
    }),
    cases: [
      {
        flow: udp(w.podA, w.web, 1),
        expect: `forwarded eth0 *102* reply forwarded enia ${w.pair(w.web, 1, w.podA, 40000)}`,
      },
      {flow: udp(w.podA, w.web, 2), expect: `forwarded eth0 * reply forwarded enia ${w.pair(w.web, 2, w.podA, 40000)}`},
    ],
  })),
  ...inBothFamilies('snat-keeps-port', 'SNAT keeps the port where it is free', w => ({
    node: w.make({
      save: {
        nat: [
          `-A POSTROUTING -o eth0 -p udp --dport 1 -j SNAT --to-source ${w.at(w.client, '5000-5000')}`,
          `-A POSTROUTING -o eth0 -j SNAT --to-source ${w.client}`,
        ],
      },
    }),
    cases: [
      {flow: udp(w.podA, w.web, 1), expect: `forwarded eth0 ${w.pair(w.client, 5000, w.web, 1)}`},
      {
        flow: udp(w.podA, w.web, 53, {sport: 600}),
        expect: `forwarded eth0 ${w.pair(w.client, 600, w.web, 53)} reply forwarded enia`,
      },
    ],
  })),
  ...inBothFamilies('dnat-range', 'DNAT to a range picks an address by a hash, --persistent or not', w => ({
    node: w.make({
      save: {
        nat: [
          `-A PREROUTING -d ${w.vip} -p udp --dport 1 -j DNAT --to-destination ${w.podA}-${w.podB}`,
          `-A PREROUTING -d ${w.vip} -p udp --dport 2 -j DNAT --to-destination ${w.podA}-${w.podB} --persistent`,
        ],
      },
    }),
    cases: [
      {flow: udp(w.client, w.vip, 1, {iif: 'eth0'}), expect: 'forwarded enia *|forwarded enib *'},
      {flow: udp(w.client, w.vip, 2, {iif: 'eth0'}), expect: 'forwarded enia *|forwarded enib *'},
    ],
  })),
  ...inBothFamilies('dnat-port-only', 'DNAT to a port keeps the address', w => ({
    node: w.make({save: {nat: ['-A PREROUTING -p tcp --dport 80 -j DNAT --to-destination :8080']}}),
    cases: [
      {
        flow: tcp(w.podA, w.podB, 80),
        expect: `forwarded enib ${w.pair(w.podA, 40000, w.podB, 8080)} reply forwarded enia ${w.pair(w.podB, 80, w.podA, 40000)}`,
      },
    ],
  })),
  ...inBothFamilies(
    'dnat-first-rule-wins',
    'the first rule that NATs ends the nat table, even where it changes nothing',
    w => ({
      node: w.make({
        save: {
          nat: [
            `-A PREROUTING -d ${w.podB} -j DNAT --to-destination ${w.podB}`,
            `-A PREROUTING -d ${w.podB} -j DNAT --to-destination ${w.client}`,
          ],
        },
      }),
      cases: [{flow: udp(w.podA, w.podB, 9), expect: `forwarded enib ${w.pair(w.podA, 40000, w.podB, 9)}`}],
    }),
  ),
  ...inBothFamilies('dnat-to-node', 'a packet DNATed to the node is delivered there', w => ({
    node: w.make({save: {nat: [`-A PREROUTING -d ${w.vip} -p udp -j DNAT --to-destination ${w.at(w.node, 80)}`]}}),
    cases: [
      {
        flow: udp(w.podA, w.vip, 9),
        expect: `delivered ${w.pair(w.podA, 40000, w.node, 80)} reply forwarded enia ${w.pair(w.vip, 9, w.podA, 40000)}`,
      },
    ],
  })),
  ...inBothFamilies('redirect', 'REDIRECT goes to the ingress device’s own address', w => ({
    node: w.make({
      save: {nat: ['-A PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 15001', '-A PREROUTING -p udp -j REDIRECT']},
    }),
    cases: [
      {
        flow: tcp(w.client, w.web, 80, {iif: 'eth1'}),
        expect: `delivered ${w.pair(w.client, 40000, w.node1, 15001)} reply forwarded eth0 ${w.pair(w.web, 80, w.client, 40000)}`,
      },
      {flow: udp(w.client, w.web, 9, {iif: 'eth0'}), expect: `delivered ${w.pair(w.client, 40000, w.node, 9)}`},
    ],
  })),
  ...inBothFamilies('netmap', 'NETMAP keeps the host bits, in both directions', w => {
    const [from, to, source, target, seen] =
      w.family === 4
        ? ['10.100.0.0/16', '192.168.0.0/16', '100.64.7.0/24', '192.168.0.1', '100.64.7.51']
        : ['fd00:10:100::/64', '2001:db8:99::/64', '2001:db8:77::/64', '2001:db8:99::1', '2001:db8:77:0:a::2']
    return {
      node: w.make({
        save: {
          nat: [
            `-A PREROUTING -d ${from} -j NETMAP --to ${to}`,
            `-A POSTROUTING -s ${w.podA} -j NETMAP --to ${source}`,
          ],
        },
      }),
      cases: [
        {
          flow: udp(w.podA, w.vip, 9),
          expect: `forwarded eth0 ${w.pair(seen, 40000, target, 9)} reply forwarded enia ${w.pair(w.vip, 9, w.podA, 40000)}`,
        },
      ],
    }
  }),
  ...inBothFamilies('input-snat', 'SNAT in nat INPUT rewrites the source of what the node receives', w => ({
    node: w.make({save: {nat: [`-A INPUT -p udp --dport 9 -j SNAT --to-source ${w.client}`]}}),
    cases: [
      {
        flow: udp(w.podA, w.node, 9),
        expect: `delivered ${w.pair(w.client, 40000, w.node, 9)} reply forwarded enia ${w.pair(w.node, 9, w.podA, 40000)}`,
      },
    ],
  })),
  ...inBothFamilies(
    'redirect-of-nat',
    'a packet that turns round is forwarded, whether an ICMP redirect of it gets out or NAT drops that',
    w => ({
      node: w.make({
        sysctl: {'net.ipv4.conf.all.send_redirects': '1'},
        save: {nat: [`-A PREROUTING -d ${w.vip} -p udp -j DNAT --to-destination ${w.web}`]},
      }),
      cases: [
        {
          flow: udp(w.family === 4 ? '10.20.0.77' : '2001:db8:20::77', w.web, 9, {iif: 'eth0'}),
          expect: 'forwarded eth0 *',
        },
        {
          flow: udp(w.family === 4 ? '10.20.0.77' : '2001:db8:20::77', w.vip, 9, {iif: 'eth0'}),
          expect: 'forwarded eth0 *',
        },
      ],
    }),
  ),
  ...inBothFamilies(
    'conntrack-twice',
    'without a connection a `-m conntrack` is asked for its state alone, and matches nothing where it has none',
    w => ({
      node: w.make({
        save: {
          raw: ['-A PREROUTING -p udp -j CT --notrack'],
          filter: [
            '-A FORWARD -p udp --dport 1 -m conntrack --ctstate UNTRACKED --ctproto 6 -j DROP',
            '-A FORWARD -p udp --dport 2 -m conntrack --ctstate UNTRACKED -m conntrack --ctproto 17 -j DROP',
            '-A FORWARD -p udp --dport 3 -m conntrack ! --ctproto 6 -j DROP',
            '-A FORWARD -p udp --dport 4 -m conntrack --ctstate UNTRACKED -m conntrack ! --ctstate NEW --ctdir REPLY -j DROP',
            '-A FORWARD -p tcp --dport 5 -m conntrack --ctstate NEW -m conntrack --ctproto 6 -m conntrack --ctdir ORIGINAL -j DROP',
            '-A FORWARD -p tcp --dport 6 -m conntrack --ctstate NEW --ctproto 6 -m conntrack --ctdir REPLY -j DROP',
          ],
        },
      }),
      cases: [
        {flow: udp(w.podA, w.web, 1), expect: 'dropped *'},
        {flow: udp(w.podA, w.web, 2), expect: 'forwarded *'},
        {flow: udp(w.podA, w.web, 3), expect: 'forwarded *'},
        {flow: udp(w.podA, w.web, 4), expect: 'dropped *'},
        {flow: tcp(w.podA, w.web, 5), expect: 'dropped *'},
        {flow: tcp(w.podA, w.web, 6), expect: 'forwarded *'},
      ],
    }),
  ),
  ...inBothFamilies('matches-twice', 'a match that stands twice in a rule is asked twice', w => ({
    node: w.make({
      ipset: [
        `create a hash:ip family ${w.family === 4 ? 'inet' : 'inet6'}`,
        `add a ${w.podA}`,
        `create b hash:ip family ${w.family === 4 ? 'inet' : 'inet6'}`,
        `add b ${w.web}`,
      ],
      save: {
        filter: [
          '-A FORWARD -p udp -m mark --mark 1/1 -m mark ! --mark 2/2 -j DROP',
          '-A FORWARD -p udp -m multiport --dports 10:20 -m multiport --dports 15:30 -j DROP',
          '-A FORWARD -p udp --dport 40 -m set --match-set a src -m set --match-set b dst -j DROP',
          '-A FORWARD -p tcp -m tcp --dport 50:60 -m tcp --dport 55:70 -m tcp --tcp-flags SYN SYN -j DROP',
          '-A FORWARD -p udp --dport 41 -m addrtype ! --src-type LOCAL -m addrtype ! --dst-type LOCAL -j DROP',
          '-A FORWARD -p udp --dport 42 -m addrtype --dst-type UNICAST -m addrtype --src-type LOCAL -j DROP',
          '-A FORWARD -p udp --dport 43 -m comment --comment a -m comment --comment b -j DROP',
          '-A FORWARD -p udp --dport 44 -m length --length 20:60 -m length --length 50:100 -j DROP',
        ],
      },
    }),
    cases: [
      {flow: udp(w.podA, w.web, 1, {mark: 1}), expect: 'dropped *'},
      {flow: udp(w.podA, w.web, 1, {mark: 3}), expect: 'forwarded *'},
      {flow: udp(w.podA, w.web, 12), expect: 'forwarded *'},
      {flow: udp(w.podA, w.web, 17), expect: 'dropped *'},
      {flow: udp(w.podA, w.web, 40), expect: 'dropped *'},
      {flow: udp(w.podB, w.web, 40), expect: 'forwarded *'},
      {flow: udp(w.podA, w.client, 40), expect: 'forwarded *'},
      {flow: tcp(w.podA, w.web, 52), expect: 'forwarded *'},
      {flow: tcp(w.podA, w.web, 57), expect: 'dropped *'},
      {flow: udp(w.podA, w.web, 41), expect: 'dropped *'},
      {flow: udp(w.podA, w.web, 42), expect: 'forwarded *'},
      {flow: udp(w.podA, w.web, 43), expect: 'dropped *'},
      {flow: udp(w.podA, w.web, 44), expect: 'dropped *|forwarded *'},
    ],
  })),
  ...inBothFamilies('notrack', 'NOTRACK: UNTRACKED, not NEW, and nat is skipped', w => ({
    node: w.make({
      save: {
        raw: ['-A PREROUTING -p udp --dport 1 -j CT --notrack'],
        nat: [`-A PREROUTING -p udp -j DNAT --to-destination ${w.podB}`, '-A POSTROUTING -j MASQUERADE'],
        filter: [
          '-A FORWARD -m conntrack --ctstate UNTRACKED -j ACCEPT',
          '-A FORWARD -p udp --dport 2 -m conntrack --ctstate NEW -j DROP',
        ],
      },
    }),
    cases: [
      {flow: udp(w.podA, w.web, 1), expect: `forwarded eth0 ${w.pair(w.podA, 40000, w.web, 1)}`},
      {flow: udp(w.podA, w.web, 2), expect: 'dropped silent'},
      {flow: udp(w.podA, w.web, 3), expect: `forwarded enib ${w.pair(w.node, 40000, w.podB, 3)}`},
    ],
  })),
  ...inBothFamilies('invalid-skips-nat', 'INVALID packets pass the nat tables by', w => ({
    node: w.make({
      save: {nat: [`-A PREROUTING -d ${w.vip} -j DNAT --to-destination ${w.podB}`, '-A POSTROUTING -j MASQUERADE']},
    }),
    cases: [
      {flow: tcp(w.podA, w.vip, 9, {tcpFlags: 'RST'}), expect: `forwarded eth0 ${w.pair(w.podA, 40000, w.vip, 9)}`},
      {flow: tcp(w.podA, w.vip, 9, {tcpFlags: 'ACK'}), expect: `forwarded enib ${w.pair(w.node, 40000, w.podB, 9)}`},
    ],
  })),
  ...inBothFamilies(
    'connmark-roundtrip',
    'a connection mark brings the reply of a secondary-ENI pod back by eth0',
    w => ({
      node: w.make({
        rules: [
          'pref 80 fwmark 0x80/0x80 lookup main',
          `pref 90 from ${w.podB} lookup 2`,
          `pref 70 to ${w.podB} lookup main`,
        ],
        save: {
          mangle: [
            `-A PREROUTING -i eth0 -d ${w.node} -j CONNMARK --set-xmark 0x80/0x80`,
            '-A PREROUTING -i eni+ -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80',
          ],
          nat: [`-A PREROUTING -p tcp --dport 30080 -j DNAT --to-destination ${w.at(w.podB, 80)}`],
        },
      }),
      cases: [
        {
          flow: tcp(w.client, w.node, 30080, {iif: 'eth0'}),
          expect: `forwarded enib ${w.pair(w.client, 40000, w.podB, 80)} reply forwarded eth0 ${w.pair(w.node, 30080, w.client, 40000)}`,
        },
        {
          flow: tcp(w.client, w.vip, 30080, {iif: 'eth0'}),
          expect: `forwarded enib ${w.pair(w.client, 40000, w.podB, 80)} reply forwarded eth1 ${w.pair(w.vip, 30080, w.client, 40000)}`,
        },
      ],
    }),
  ),
  ...inBothFamilies(
    'aws-snat-chain',
    'the CNI’s SNAT: not in the VPC, not for pods’ own veths, for the rest the primary address',
    w => ({
      node: w.make({
        rules: [`pref 1024 fwmark 0x80/0x80 lookup main`, `pref 1536 from ${w.podB} lookup 2`],
        save: {
          mangle: ['-A PREROUTING -i eni+ -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80'],
          nat: [
            '-A PREROUTING -i eni+ -m comment --comment "AWS, outbound connections" -j AWS-CONNMARK-CHAIN-0',
            '-A PREROUTING -m comment --comment "AWS, CONNMARK" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80',
            '-A POSTROUTING -m comment --comment "AWS SNAT CHAIN" -j AWS-SNAT-CHAIN-0',
            `-A AWS-CONNMARK-CHAIN-0 -d ${w.family === 4 ? '10.20.0.0/16' : '2001:db8:20::/44'} -m comment --comment "AWS CONNMARK CHAIN, VPC CIDR" -j RETURN`,
            '-A AWS-CONNMARK-CHAIN-0 -m comment --comment "AWS, CONNMARK" -j CONNMARK --set-xmark 0x80/0x80',
            `-A AWS-SNAT-CHAIN-0 -d ${w.family === 4 ? '10.20.0.0/16' : '2001:db8:20::/44'} -m comment --comment "AWS SNAT CHAIN" -j RETURN`,
            `-A AWS-SNAT-CHAIN-0 ! -o vlan+ -m comment --comment "AWS, SNAT" -m addrtype ! --dst-type LOCAL -j SNAT --to-source ${w.node} --random-fully`,
          ],
        },
      }),
      cases: [
        {
          flow: tcp(w.podB, w.web, 443),
          expect: `forwarded eth0 ${w.pair(w.node, 0, w.web, 443).replace(':0>', ':*>')} reply forwarded enib ${w.pair(w.web, 443, w.podB, 40000)}`,
        },
        {
          flow: tcp(w.podA, w.podB, 443),
          expect: `forwarded enib ${w.pair(w.podA, 40000, w.podB, 443)} reply forwarded eth1`,
        },
      ],
    }),
  ),
  ...inBothFamilies('endpoint-lottery', 'statistic chooses between endpoints', w => ({
    node: w.make({
      save: {
        nat: [
          `-A PREROUTING -d ${w.vip} -p tcp -j SVC`,
          '-A SVC -m statistic --mode random --probability 0.33333333349 -j SEP-A',
          '-A SVC -m statistic --mode random --probability 0.50000000000 -j SEP-B',
          '-A SVC -j SEP-C',
          `-A SEP-A -p tcp -j DNAT --to-destination ${w.at(w.podA, 1)}`,
          `-A SEP-B -p tcp -j DNAT --to-destination ${w.at(w.podB, 2)}`,
          `-A SEP-C -p tcp -j DNAT --to-destination ${w.at(w.web, 3)}`,
        ],
      },
    }),
    cases: [
      {flow: tcp(w.client, w.vip, 80, {iif: 'eth0'}), expect: `forwarded enia *|forwarded enib *|forwarded eth0 *`},
    ],
  })),
  ...inBothFamilies('session-affinity', 'recent --rcheck is state that no capture holds', w => ({
    node: w.make({
      save: {
        nat: [
          `-A PREROUTING -d ${w.vip} -p tcp -j SVC`,
          '-A SVC -m recent --rcheck --seconds 10800 --reap --name SEP-A --rsource -j SEP-A',
          '-A SVC -j SEP-B',
          `-A SEP-A -p tcp -m recent --set --name SEP-A --rsource -j DNAT --to-destination ${w.at(w.podA, 1)}`,
          `-A SEP-B -p tcp -j DNAT --to-destination ${w.at(w.podB, 2)}`,
        ],
      },
    }),
    cases: [{flow: tcp(w.client, w.vip, 80, {iif: 'eth0'}), expect: `forwarded enib *`}],
  })),
  {
    name: 'masquerade-lo-wins',
    fact: 'a global address on lo is the first of all for a device without one (node-local DNS, keepalived)',
    node: V4.make({
      links: [{name: 'lo', addresses: ['169.254.20.10/32 scope global']}],
      save: {nat: ['-A POSTROUTING -o enib -j MASQUERADE']},
    }),
    cases: [{flow: udp(V4.podA, V4.podB, 53), expect: 'forwarded enib 169.254.20.10:40000>10.20.0.52:53'}],
  },
  {
    name: 'masquerade-ignores-src-hint',
    fact: 'MASQUERADE does not read the route’s src hint, but the next hop’s subnet',
    node: V4.make({
      links: [
        {
          name: 'eth0',
          addresses: ['10.20.0.10/24 brd +', '10.20.0.11/24 brd +', '10.30.0.10/24 brd +'],
          mac: '0a:00:00:00:00:10',
        },
      ],
      routes: ['192.0.2.0/25 via 10.20.0.1 dev eth0 src 10.20.0.11', '192.0.2.128/25 via 10.30.0.1 dev eth0'],
      save: {nat: ['-A POSTROUTING -s 10.20.0.51 -o eth0 -j MASQUERADE']},
    }),
    cases: [
      {flow: udp(V4.podA, '192.0.2.1', 53), expect: 'forwarded eth0 10.20.0.10:40000>192.0.2.1:53'},
      {flow: udp(V4.podA, '192.0.2.129', 53), expect: 'forwarded eth0 10.30.0.10:40000>192.0.2.129:53'},
      {flow: udp(null, '192.0.2.1', 53), expect: 'forwarded eth0 10.20.0.11:40000>192.0.2.1:53'},
      {flow: udp(null, '192.0.2.129', 53), expect: 'forwarded eth0 10.30.0.10:40000>192.0.2.129:53'},
    ],
  },
  {
    name: 'masquerade-scope-link',
    fact: 'MASQUERADE passes an address of scope link over',
    node: V4.make({
      links: [{name: 'enib', addresses: ['169.254.9.9/32 scope link'], mac: '0e:00:00:00:00:0b'}],
      save: {nat: ['-A POSTROUTING -o enib -j MASQUERADE']},
    }),
    cases: [{flow: udp(V4.podA, V4.podB, 53), expect: 'forwarded enib 10.20.0.10:40000>10.20.0.52:53'}],
  },
  {
    name: 'redirect-addressless',
    fact: 'REDIRECT on a veth without an address drops',
    node: V4.make({save: {nat: ['-A PREROUTING -p udp -j REDIRECT --to-ports 99']}}),
    cases: [{flow: udp(V4.podA, V4.web, 53), expect: 'dropped silent'}],
  },
  {
    name: 'v6-redirect-linklocal',
    fact: 'IPv6 REDIRECT on a veth goes to its link-local address',
    node: V6.make({save: {nat: ['-A PREROUTING -p udp -j REDIRECT --to-ports 99']}}),
    cases: [{flow: udp(V6.podA, V6.web, 53), expect: `delivered [${V6.podA}]:40000>[fe80::c00:ff:fe00:a]:99`}],
  },
  {
    name: 'v6-masquerade-source-selection',
    fact: 'IPv6 MASQUERADE selects its source as a socket would: by scope, then by the longest common prefix',
    node: V6.make({
      links: [
        {
          name: 'eth0',
          addresses: ['10.20.0.10/24 brd +', '2001:db8:20::10/64', 'fd00:20::10/64', '2001:db8:ffff::5/128'],
          mac: '0a:00:00:00:00:10',
        },
      ],
      save: {nat: [`-A POSTROUTING -s ${V6.podA} -j MASQUERADE`]},
    }),
    cases: [
      {flow: udp(V6.podA, V6.web, 53), expect: 'forwarded eth0 [2001:db8:ffff::5]:40000>*'},
      {flow: udp(V6.podA, 'fd00:99::1', 53), expect: 'forwarded eth0 [fd00:20::10]:40000>*'},
      {flow: udp(V6.podA, '2001:db8:20::77', 53), expect: 'forwarded eth0 [2001:db8:20::10]:40000>*'},
      {flow: udp(null, V6.web, 53), expect: 'forwarded eth0 [2001:db8:ffff::5]:40000>*'},
      {flow: udp(null, 'fd00:99::1', 53), expect: 'forwarded eth0 [fd00:20::10]:40000>*'},
    ],
  },
  {
    name: 'v6-dnat-to-loopback',
    fact: 'a packet DNATed to ::1 is looked up on the ingress device: sent out again by the default route, or without a route',
    node: V6.make({save: {nat: [`-A PREROUTING -d ${V6.vip} -j DNAT --to-destination ::1`]}}),
    cases: [
      {flow: udp(V6.client, V6.vip, 9, {iif: 'eth0'}), expect: `forwarded eth0 [${V6.client}]:40000>[::1]:9`},
      {flow: udp(V6.podA, V6.vip, 9), expect: `unroutable icmp 1/0 from ${V6.node}`},
    ],
  },
  {
    name: 'eks-v4-egress',
    fact: 'an IPv6 cluster’s pod has an IPv4 address of 169.254.172.0/22 for the way out, which the node masquerades',
    node: V4.make({
      links: [{name: 'enia', mac: '0e:00:00:00:00:0a', addresses: ['169.254.172.1/22 scope global']}],
      routes: ['169.254.172.9 dev enia scope link'],
      save: {
        nat: [
          '-A POSTROUTING -s 169.254.172.9/32 -m comment --comment "name: \\"egress-v4\\"" -j CNI-E4',
          '-A CNI-E4 -d 224.0.0.0/4 -j RETURN',
          '-A CNI-E4 -d 169.254.172.0/22 -j ACCEPT',
          '-A CNI-E4 -j SNAT --to-source 10.20.0.10 --random-fully',
        ],
      },
    }),
    cases: [
      {
        flow: tcp('169.254.172.9', V4.web, 443, {iif: 'enia'}),
        expect:
          'forwarded eth0 10.20.0.10:*>198.51.100.80:443 reply forwarded enia 198.51.100.80:443>169.254.172.9:40000',
      },
      {
        flow: tcp('169.254.172.9', V4.node, 22, {iif: 'enia'}),
        expect: 'delivered 169.254.172.9:40000>10.20.0.10:22 reply forwarded enia',
      },
    ],
  },
]
