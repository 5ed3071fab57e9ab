import {inBothFamilies, udp} from './families.js'
import type {Scenario} from './scenario.js'
import {transparentSocket} from './transparentSocket.js'

/** What TPROXY does with a packet, with a socket to give it to and without. */
export const TPROXY: readonly Scenario[] = inBothFamilies(
  'tproxy',
  'TPROXY marks and accepts what a transparent socket takes, which is dropped where it is routed on; without a socket it drops',
  w => ({
    node: {
      ...w.make({
        rules: ['pref 100 fwmark 0x1/0x1 lookup 100'],
        routes: [w.family === 4 ? 'local default dev lo table 100' : 'local ::/0 dev lo table 100'],
        save: {
          mangle: [
            '-A PREROUTING -p udp --dport 1 -j TPROXY --on-port 7001 --tproxy-mark 0x1/0x1',
            `-A PREROUTING -p udp --dport 2 -j TPROXY --on-port 7001 --on-ip ${w.family === 4 ? '127.0.0.1' : '::1'} --tproxy-mark 0x3/0x3`,
            '-A PREROUTING -p udp --dport 3 -j TPROXY --on-port 7001',
            '-A PREROUTING -p udp --dport 4 -j TPROXY --on-port 7009 --tproxy-mark 0x1/0x1',
            '-A PREROUTING -p udp --dport 1:5 -j MARK --set-mark 0x10',
          ],
        },
      }),
      afterwards: [transparentSocket(w.family, 7001)],
    },
    cases: [
      {flow: udp(w.podA, w.web, 1), expect: `delivered ${w.pair(w.podA, 40000, w.web, 1)}`},
      {flow: udp(w.podA, w.web, 2), expect: `delivered ${w.pair(w.podA, 40000, w.web, 2)}`},
      {flow: udp(w.podA, w.web, 3), expect: 'unroutable|dropped/unroutable'},
      {flow: udp(w.podA, w.web, 4), expect: 'dropped'},
      {flow: udp(w.podA, w.web, 5), expect: 'forwarded eth0 *'},
    ],
  }),
)
