import {inBothFamilies, udp} from './families.js'
import type {Scenario} from './scenario.js'

/** Connections that were there before: what `conntrack -L` lists decides, not the rules. */
export const CONNECTIONS: readonly Scenario[] = inBothFamilies(
  'stale-entry',
  'an entry of conntrack sends a packet to the endpoint it was made for, though the rules know another; its zone, state, mark and reply count too',
  w => {
    const dead = w.client
    const entry = (dport: number, more: string): string =>
      `-I -p udp -s ${w.podA} -d ${w.vip} --sport 40000 --dport ${dport} --dst-nat ${dead} -t 600${more}`
    return {
      node: {
        ...w.make({
          save: {
            raw: ['-A PREROUTING -i enia -p udp --dport 5 -j CT --zone 7'],
            mangle: ['-A PREROUTING -i enia -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80'],
            nat: [`-A PREROUTING -d ${w.vip} -p udp -j DNAT --to-destination ${w.podB}`],
            filter: ['-A FORWARD -p udp --dport 3 -m conntrack --ctstate ESTABLISHED -j DROP'],
          },
        }),
        connections: [
          entry(1, ' -u SEEN_REPLY,ASSURED --mark 0x80'),
          entry(2, ''),
          entry(3, ' -u SEEN_REPLY'),
          entry(4, ' --zone 7'),
          entry(5, ' --zone 7'),
        ],
      },
      cases: [
        {
          flow: udp(w.podA, w.vip, 1),
          expect: `forwarded eth0 ${w.pair(w.podA, 40000, dead, 1)} reply forwarded enia ${w.pair(w.vip, 1, w.podA, 40000)}`,
        },
        {flow: udp(w.podA, w.vip, 2), expect: `forwarded eth0 ${w.pair(w.podA, 40000, dead, 2)}`},
        {flow: udp(w.podA, w.vip, 3), expect: 'dropped'},
        {flow: udp(w.podA, w.vip, 4), expect: `forwarded enib ${w.pair(w.podA, 40000, w.podB, 4)}`},
        {flow: udp(w.podA, w.vip, 5), expect: `forwarded eth0 ${w.pair(w.podA, 40000, dead, 5)}`},
        {flow: udp(w.podA, w.vip, 6), expect: `forwarded enib ${w.pair(w.podA, 40000, w.podB, 6)}`},
        {
          flow: udp(dead, w.podA, 40000, {sport: 1, iif: 'eth0'}),
          expect: `forwarded enia ${w.pair(w.vip, 1, w.podA, 40000)}`,
        },
      ],
    }
  },
)
