import {inBothFamilies, tcp, udp} from './families.js'
import type {Scenario} from './scenario.js'

/** What a pod sends out is masqueraded: an answer that is not found as one stays with the node. */
const MASQUERADED = ['-A POSTROUTING -o eth0 -j MASQUERADE']

const FOUND = 'forwarded eth0 * reply forwarded enia'
const NOT_FOUND = 'forwarded eth0 * reply delivered'

const out = (zone: string): string => `-A PREROUTING -i enia -p udp ${zone}`
const back = (zone: string): string => `-A PREROUTING -i eth0 -p udp ${zone}`

/** Zones of connection tracking. */
export const ZONES: readonly Scenario[] = [
  ...inBothFamilies('zone', 'a reply belongs to its connection only where it is looked up in its zone', w => ({
    node: w.make({
      save: {
        raw: [
          out('--dport 1 -j CT --zone 5'),
          out('--dport 2 -j CT --zone 5'),
          back('--sport 2 -j CT --zone 5'),
          out('--dport 3 -j CT --zone 5'),
          back('--sport 3 -j CT --zone 6'),
          back('--sport 4 -j CT --zone 5'),
          out('--dport 5 -j CT --zone 0'),
        ],
        nat: MASQUERADED,
      },
    }),
    cases: [
      {flow: udp(w.podA, w.web, 1), expect: NOT_FOUND},
      {flow: udp(w.podA, w.web, 2), expect: FOUND},
      {flow: udp(w.podA, w.web, 3), expect: NOT_FOUND},
      {flow: udp(w.podA, w.web, 4), expect: NOT_FOUND},
      {flow: udp(w.podA, w.web, 5), expect: FOUND},
      {flow: udp(w.podA, w.web, 6), expect: FOUND},
    ],
  })),
  ...inBothFamilies('zone-directions', 'a zone of one direction leaves the other in zone 0', w => ({
    node: w.make({
      save: {
        raw: [
          out('--dport 1 -j CT --zone-orig 5'),
          out('--dport 2 -j CT --zone-reply 5'),
          out('--dport 3:4 -j CT --zone-reply 5'),
          back('--sport 3 -j CT --zone 5'),
          back('--sport 4 -j CT --zone-reply 5'),
          out('--dport 5 -j CT --zone-orig 5'),
          back('--sport 5 -j CT --zone-orig 6'),
          out('--dport 6 -j CT --zone-orig 5'),
          back('--sport 6 -j CT --zone 5'),
        ],
        nat: MASQUERADED,
      },
    }),
    cases: [
      {flow: udp(w.podA, w.web, 1), expect: FOUND},
      {flow: udp(w.podA, w.web, 2), expect: NOT_FOUND},
      {flow: udp(w.podA, w.web, 3), expect: FOUND},
      {flow: udp(w.podA, w.web, 4), expect: FOUND},
      {flow: udp(w.podA, w.web, 5), expect: FOUND},
      {flow: udp(w.podA, w.web, 6), expect: NOT_FOUND},
    ],
  })),
  ...inBothFamilies('zone-mark', 'a zone by mark is the lower half of the mark that the packet has then', w => ({
    node: w.make({
      save: {
        raw: [
          out('--dport 1 -j CT --zone mark'),
          out('--dport 1 -j MARK --set-mark 0x10007'),
          out('--dport 2 -j CT --zone-reply mark'),
          back('--sport 1:2 -j CT --zone 7'),
        ],
        nat: MASQUERADED,
      },
    }),
    cases: [
      {flow: udp(w.podA, w.web, 1), expect: FOUND},
      {flow: udp(w.podA, w.web, 2, {mark: 0x7}), expect: FOUND},
      {flow: udp(w.podA, w.web, 2, {mark: 0x8}), expect: NOT_FOUND},
      {flow: udp(w.podA, w.web, 2), expect: NOT_FOUND},
    ],
  })),
  ...inBothFamilies(
    'zone-first-rule',
    'the first CT rule counts, with or without a zone; NOTRACK is one of them',
    w => ({
      node: w.make({
        save: {
          raw: [
            out('--dport 1 -j CT --zone 5'),
            out('--dport 1 -j CT --zone 6'),
            out('--dport 2 -j CT --ctevents new'),
            out('--dport 2 -j CT --zone 6'),
            out('--dport 3 -j CT --zone 6'),
            out('--dport 3 -j CT --notrack'),
            out('--dport 4 -j CT --notrack'),
            out('--dport 4 -j CT --zone 6'),
            back('--sport 1 -j CT --zone 5'),
            back('--sport 3 -j CT --zone 6'),
          ],
          nat: MASQUERADED,
        },
      }),
      cases: [
        {flow: udp(w.podA, w.web, 1), expect: FOUND},
        {flow: udp(w.podA, w.web, 2), expect: FOUND},
        {flow: udp(w.podA, w.web, 3), expect: FOUND},
        {flow: udp(w.podA, w.web, 4), expect: `forwarded eth0 ${w.pair(w.podA, 40000, w.web, 4)}`},
      ],
    }),
  ),
  ...inBothFamilies(
    'zone-before-tracking',
    'ahead of connection tracking a packet with a CT rule is NEW, of no addresses',
    w => ({
      node: w.make({
        save: {
          raw: [
            '-A PREROUTING -p udp --dport 1:4 -j CT --zone 5',
            '-A PREROUTING -p udp --dport 1 -m conntrack --ctstate NEW -j DROP',
            `-A PREROUTING -p udp --dport 2 -m conntrack --ctorigsrc ${w.podA} -j DROP`,
            '-A PREROUTING -p udp --dport 3 -m conntrack ! --ctproto 17 -j DROP',
            '-A PREROUTING -p udp --dport 4 -m connmark --mark 0x0 -m conntrack --ctstatus CONFIRMED -j DROP',
            '-A PREROUTING -p udp --dport 5 -m conntrack --ctstate INVALID -j DROP',
            '-A PREROUTING -p udp --dport 6 -m conntrack --ctstate NEW -j DROP',
            '-A PREROUTING -p udp --dport 7 -j CT --zone 5',
            '-A PREROUTING -p udp --dport 7 -j CONNMARK --set-mark 0x5',
            '-A PREROUTING -p udp --dport 7 -m connmark --mark 0x5 -j DROP',
          ],
        },
      }),
      cases: [
        {flow: udp(w.podA, w.web, 1), expect: 'dropped'},
        {flow: udp(w.podA, w.web, 2), expect: 'forwarded eth0 *'},
        {flow: udp(w.podA, w.web, 3), expect: 'dropped'},
        {flow: udp(w.podA, w.web, 4), expect: 'dropped'},
        {flow: udp(w.podA, w.web, 5), expect: 'dropped'},
        {flow: udp(w.podA, w.web, 6), expect: 'forwarded eth0 *'},
        {flow: udp(w.podA, w.web, 7), expect: 'dropped'},
      ],
    }),
  ),
  ...inBothFamilies(
    'zone-tcp',
    'the answer to a SYN is INVALID in another zone, and nat rules are not asked for it',
    w => ({
      node: w.make({
        save: {
          raw: ['-A PREROUTING -i enia -p tcp -j CT --zone 5', '-A PREROUTING -i eth0 -p tcp --sport 2 -j CT --zone 5'],
          nat: [`-A PREROUTING -i eth0 -p tcp -j DNAT --to-destination ${w.podB}`],
          filter: ['-A FORWARD -i eth0 -m conntrack --ctstate INVALID -j DROP'],
        },
      }),
      cases: [
        {flow: tcp(w.podA, w.web, 1), expect: 'forwarded eth0 * reply dropped'},
        {flow: tcp(w.podA, w.web, 2), expect: FOUND},
      ],
    }),
  ),
  ...inBothFamilies('zone-nat', 'an answer of another zone is a first packet: nat rules are asked for it', w => ({
    node: w.make({
      save: {
        raw: [out('-j CT --zone 5')],
        nat: [
          `-A PREROUTING -i enia -d ${w.vip} -p udp -j DNAT --to-destination ${w.client}`,
          `-A PREROUTING -i eth0 -p udp -j DNAT --to-destination ${w.podB}`,
        ],
      },
    }),
    cases: [
      {
        flow: udp(w.podA, w.vip, 53),
        expect: `forwarded eth0 ${w.pair(w.podA, 40000, w.client, 53)} reply forwarded enib ${w.pair(w.client, 53, w.podB, 40000)}`,
      },
    ],
  })),
  ...inBothFamilies(
    'zone-own',
    'packets of the node get their zone in OUTPUT, and keep their connection over lo',
    w => ({
      node: w.make({
        save: {
          raw: [
            '-A OUTPUT -p udp --dport 1 -j CT --zone 5',
            '-A OUTPUT -p udp --dport 2 -j CT --zone 5',
            back('--sport 2 -j CT --zone 5'),
            '-A OUTPUT -p udp --dport 3 -j CT --zone 5',
            '-A PREROUTING -i lo -p udp -j CT --zone 6',
          ],
          nat: [`-A OUTPUT -d ${w.vip} -p udp -j DNAT --to-destination ${w.web}`],
          filter: ['-A INPUT -m conntrack --ctstate NEW -m conntrack --ctdir ORIGINAL -i eth0 -j DROP'],
        },
      }),
      cases: [
        {flow: udp(w.node, w.vip, 1), expect: `forwarded eth0 ${w.pair(w.node, 40000, w.web, 1)} reply dropped`},
        {flow: udp(w.node, w.vip, 2), expect: `forwarded eth0 ${w.pair(w.node, 40000, w.web, 2)} reply delivered`},
        {flow: udp(w.node, w.node, 3), expect: 'delivered'},
      ],
    }),
  ),
]
