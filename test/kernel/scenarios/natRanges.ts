import {inBothFamilies, ping, tcp, udp} from './families.js'
import type {Scenario} from './scenario.js'

const PASSED = 'forwarded eth0 *'
const PORTS = Array.from({length: 6}, (_, i) => i + 1)

/** Ranges of addresses and ports: which of them a connection gets. What is predicted is compared to the bit. */
export const NAT_RANGES: readonly Scenario[] = [
  ...inBothFamilies(
    'range-by-hash',
    'which address of a range a connection gets is a hash of its addresses and its zone; --persistent leaves out the destination and the zone',
    w => {
      const range = w.family === 4 ? '100.64.0.0-100.64.255.255' : '2001:db8:64::-2001:db8:64:5::9'
      const flags = ['', '', '', '--persistent', '--persistent', '--random']
      const zones = [
        '-A PREROUTING -p udp --dport 2 -j CT --zone 5',
        '-A PREROUTING -p udp --dport 3 -j CT --zone-orig 700',
        '-A PREROUTING -p udp --dport 5 -j CT --zone 5',
      ]
      const targets = [w.web, w.client]
      return {
        node: w.make({
          save: {
            raw: zones,
            nat: PORTS.flatMap(port => [
              `-A PREROUTING -d ${w.web} -p udp --dport ${port} -j DNAT --to-destination ${range} ${flags[port - 1] ?? ''}`,
              `-A POSTROUTING -d ${w.client} -p udp --dport ${port} -j SNAT --to-source ${range} ${flags[port - 1] ?? ''}`,
            ]).concat(
              `-A PREROUTING -d ${w.web} -p ${w.icmp} -j DNAT --to-destination ${range}`,
              `-A POSTROUTING -d ${w.client} -p ${w.icmp} -j SNAT --to-source ${range}`,
              `-A OUTPUT -d ${w.web} -j DNAT --to-destination ${range} --persistent`,
            ),
          },
        }),
        cases: [
          ...PORTS.flatMap(port =>
            targets.flatMap(target => [w.podA, w.podB].map(pod => ({flow: udp(pod, target, port), expect: PASSED}))),
          ),
          ...targets.map(target => ({flow: ping(w.podA, target), expect: PASSED})),
          ...[w.node, w.node1].map(node => ({flow: udp(node, w.web, 9), expect: PASSED})),
        ],
      }
    },
  ),
  ...inBothFamilies(
    'range-that-holds-the-source',
    'SNAT to a range that the source is in already keeps it, unless the port is to be random',
    w => {
      const range = w.family === 4 ? '10.20.0.50-10.20.0.60' : '2001:db8:20:0:a::1-2001:db8:20:0:a::9'
      return {
        node: w.make({
          save: {
            nat: [
              `-A POSTROUTING -p udp --dport 1 -j SNAT --to-source ${range}`,
              `-A POSTROUTING -p udp --dport 2 -j SNAT --to-source ${range} --persistent`,
              `-A POSTROUTING -p udp --dport 3 -j SNAT --to-source ${range} --random`,
              `-A POSTROUTING -p udp --dport 4 -j SNAT --to-source ${range} --random-fully`,
              `-A POSTROUTING -p udp --dport 5 -j SNAT --to-source ${w.at(range, '1000-2000')}`,
              `-A POSTROUTING -p udp --dport 6 -j SNAT --to-source ${w.at(range, '30000-50000')}`,
            ],
          },
        }),
        cases: [
          {
            flow: udp(w.podA, w.web, 1),
            expect: `forwarded eth0 ${w.pair(w.podA, 40000, w.web, 1)} reply forwarded enia`,
          },
          {
            flow: udp(w.podA, w.web, 2),
            expect: `forwarded eth0 ${w.pair(w.podA, 40000, w.web, 2)} reply forwarded enia`,
          },
          {flow: udp(w.podA, w.web, 3), expect: `${PASSED} reply forwarded enia`},
          {flow: udp(w.podA, w.web, 4), expect: `${PASSED} reply forwarded enia`},
          {flow: udp(w.podA, w.web, 5), expect: `${PASSED} reply forwarded enia`},
          {
            flow: udp(w.podA, w.web, 6),
            expect: `forwarded eth0 ${w.pair(w.podA, 40000, w.web, 6)} reply forwarded enia`,
          },
          {flow: udp(w.node1, w.web, 1), expect: PASSED},
          {flow: udp(w.node1, w.web, 2), expect: PASSED},
        ],
      }
    },
  ),
  ...inBothFamilies(
    'range-of-ports',
    'DNAT takes the first port of a range, the one asked for where that is in it, or as far behind the first as it is behind the base; --random draws one; SNAT draws one unless its own is in the range',
    w => {
      const to = (ports: string, more = ''): string => `-j DNAT --to-destination ${w.at(w.podB, ports)} ${more}`
      const from = (ports: string, more = ''): string => `-j SNAT --to-source ${w.at(w.client, ports)} ${more}`
      return {
        node: w.make({
          save: {
            nat: [
              `-A PREROUTING -d ${w.vip} -p udp --dport 1 ${to('1000-1003')}`,
              `-A PREROUTING -d ${w.vip} -p udp --dport 1002 ${to('1000-1003')}`,
              `-A PREROUTING -d ${w.vip} -p udp --dport 3 ${to('1000-1003', '--random')}`,
              `-A PREROUTING -d ${w.vip} -p udp --dport 5000:5009 ${to('1000-1003/5000')}`,
              `-A PREROUTING -d ${w.vip} -p tcp --dport 4 -j DNAT --to-destination :2000-2001`,
              `-A PREROUTING -d ${w.vip} -p udp --dport 5 ${to('1000-1003', '--persistent')}`,
              `-A POSTROUTING -p udp --dport 11 ${from('1024-1030')}`,
              `-A POSTROUTING -p udp --dport 12 ${from('39990-40010')}`,
              `-A POSTROUTING -p udp --dport 13 ${from('39990-40010', '--random')}`,
              `-A POSTROUTING -p udp --dport 14 -j SNAT --to-source ${w.client} --random`,
              `-A POSTROUTING -p udp --dport 15 -j SNAT --to-source ${w.client} --random-fully`,
              `-A POSTROUTING -p udp --dport 16 -j SNAT --to-source ${w.client} --persistent`,
            ],
          },
        }),
        cases: [
          {flow: udp(w.podA, w.vip, 1), expect: `forwarded enib ${w.pair(w.podA, 40000, w.podB, 1000)}`},
          {flow: udp(w.podA, w.vip, 1002), expect: `forwarded enib ${w.pair(w.podA, 40000, w.podB, 1002)}`},
          {flow: udp(w.podA, w.vip, 3), expect: 'forwarded enib *'},
          {flow: udp(w.podA, w.vip, 5001), expect: `forwarded enib ${w.pair(w.podA, 40000, w.podB, 1001)}`},
          {flow: udp(w.podA, w.vip, 5006), expect: `forwarded enib ${w.pair(w.podA, 40000, w.podB, 1002)}`},
          {flow: tcp(w.podA, w.vip, 4), expect: `forwarded eth0 ${w.pair(w.podA, 40000, w.vip, 2000)}`},
          {flow: udp(w.podA, w.vip, 5), expect: `forwarded enib ${w.pair(w.podA, 40000, w.podB, 1000)}`},
          {flow: udp(w.podA, w.web, 11), expect: `${PASSED} reply forwarded enia`},
          {flow: udp(w.podA, w.web, 12), expect: `forwarded eth0 ${w.pair(w.client, 40000, w.web, 12)}`},
          {flow: udp(w.podA, w.web, 13), expect: `${PASSED} reply forwarded enia`},
          {flow: udp(w.podA, w.web, 14), expect: `${PASSED} reply forwarded enia`},
          {flow: udp(w.podA, w.web, 14, {sport: 300}), expect: `${PASSED} reply forwarded enia`},
          {flow: udp(w.podA, w.web, 14, {sport: 700}), expect: `${PASSED} reply forwarded enia`},
          {flow: udp(w.podA, w.web, 15), expect: `${PASSED} reply forwarded enia`},
          {flow: udp(w.podA, w.web, 16), expect: `forwarded eth0 ${w.pair(w.client, 40000, w.web, 16)}`},
        ],
      }
    },
  ),
]
