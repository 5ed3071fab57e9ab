import {inBothFamilies, tcp, udp} from './families.js'
import type {Scenario} from './scenario.js'

const set = (port: number, more = '--rsource'): string =>
  `-A PREROUTING -i enia -p udp --dport ${port} -m recent --set --name x ${more}`
const check = (port: number, more: string): string =>
  `-A FORWARD -i enia -p udp --dport ${port} -m recent --name x ${more} -j DROP`

const OF_ONE_PACKET = inBothFamilies(
  'recent-of-one-packet',
  '--set notes the address as it is then, with the TTL that it came in with; what follows on the way, and the answer, finds it; the mask is the list’s own',
  w => {
    const masks =
      w.family === 4 ? ['255.255.255.255', '255.255.255.0'] : ['ffff:'.repeat(8).slice(0, -1), 'ffff:ffff::']
    const [host = '', net = ''] = masks
    return {
      node: w.make({
        save: {
          mangle: [
            set(1),
            set(2),
            ...[set(3), set(3)],
            ...[set(4), '-A PREROUTING -p udp --dport 4 -m recent --remove --name x --rsource'],
            set(5),
            ...[set(6), '-A PREROUTING -p udp --dport 6 -j ' + (w.family === 4 ? 'TTL --ttl-dec 1' : 'HL --hl-dec 1')],
            set(7, `--mask ${net} --rsource`),
            set(8, '--rdest'),
            set(9),
            set(10, `--mask ${net} --rsource`),
            ...[set(11), '-A PREROUTING -p udp --dport 11 -m recent --update --name x --rsource'],
            set(12),
          ],
          nat: [`-A PREROUTING -p udp --dport 8 -j DNAT --to-destination ${w.client}`],
          filter: [
            check(1, '--rcheck --seconds 60 --rsource'),
            check(2, '--rcheck --hitcount 2 --rsource'),
            check(3, '--rcheck --hitcount 2 --seconds 60 --rsource'),
            check(4, '--rcheck --rsource'),
            check(5, '--rcheck --rttl --rsource'),
            check(6, '--rcheck --rttl --rsource'),
            check(7, `--rcheck --mask ${host} --rsource`),
            check(8, '--rcheck --rdest'),
            '-A FORWARD -i eth0 -p udp --sport 9 -m recent --rcheck --name x --rdest -j DROP',
            check(10, `--rcheck --mask ${net} --rsource`),
            check(11, '--rcheck --hitcount 2 --rsource'),
            check(12, '! --rcheck --rsource'),
            check(13, '--rcheck --seconds 60 --rsource'),
            check(13, '--rcheck --seconds 600 --rsource'),
          ],
        },
      }),
      cases: [
        {flow: udp(w.podA, w.web, 1), expect: 'dropped'},
        {flow: udp(w.podA, w.web, 2), expect: 'forwarded eth0 *'},
        {flow: udp(w.podA, w.web, 3), expect: 'dropped'},
        {flow: udp(w.podA, w.web, 4), expect: 'forwarded eth0 *'},
        {flow: udp(w.podA, w.web, 5), expect: 'dropped'},
        {flow: udp(w.podA, w.web, 6), expect: 'forwarded eth0 *'},
        {flow: udp(w.podA, w.web, 7), expect: 'dropped'},
        {flow: udp(w.podA, w.web, 8), expect: 'forwarded eth0 *'},
        {flow: udp(w.podA, w.web, 9), expect: 'forwarded eth0 * reply dropped'},
        {flow: udp(w.podA, w.web, 10), expect: 'dropped'},
        {flow: udp(w.podA, w.web, 11), expect: 'dropped'},
        {flow: udp(w.podA, w.web, 12), expect: 'forwarded eth0 *'},
        {flow: udp(w.podA, w.web, 13), expect: 'forwarded eth0 *'},
      ],
    }
  },
)

const ORDER = inBothFamilies(
  'recent-before-what-fails',
  'a rule’s matches are asked in its order until one fails: --set, --update and --remove before that one are done, those behind it are not; addresses, devices and the protocol are asked first of all',
  w => {
    const pre = (rule: string): string => `-A PREROUTING -i enia -p udp ${rule}`
    const put = '-m recent --set --name x --rsource'
    return {
      node: w.make({
        save: {
          mangle: [
            pre(`${put} -m udp --dport 9999`),
            pre(`-m udp --dport 9998 ${put}`),
            pre('-m udp --dport 3 -m recent --remove --name x --rsource -m mark --mark 7'),
            pre('-m udp --dport 4 -m mark --mark 7 -m recent --remove --name x --rsource'),
            pre('-m udp --dport 5 -m recent --update --name x --rsource -m mark --mark 7'),
            pre('-m udp --dport 6 -m recent ! --set --name x --rsource -j MARK --set-mark 0x66'),
            pre(
              '-m udp --dport 7 -m recent --remove --name x --rsource -m recent --rcheck --name x --rsource -j MARK --set-mark 0x77',
            ),
            pre('-m udp --dport 8 -m recent --remove --name x --rsource -m mark --mark 7'),
            pre(`-m udp --dport 8 ${put} -m recent --rcheck --name x --rsource -j MARK --set-mark 0x88`),
            `-A PREROUTING -i enia -p tcp -m recent --set --name y --rsource -s ${w.client}`,
            '-A PREROUTING -i enia -p tcp -m tcp --dport 11 -m recent --remove --name y --rsource',
            '-A PREROUTING -i enia -m recent --set --name y --rsource -m tcp -p tcp --dport 9999',
          ],
          filter: [
            check(2, '--rcheck --rsource'),
            check(3, '--rcheck --rsource'),
            check(4, '--rcheck --rsource'),
            check(5, '--rcheck --hitcount 2 --rsource'),
            check(6, '--rcheck --hitcount 2 --rsource'),
            check(8, '--rcheck --rsource'),
            '-A FORWARD -i enia -p tcp -m recent --rcheck --name y --rsource -j DROP',
          ],
        },
      }),
      cases: [
        {flow: udp(w.podA, w.web, 2), expect: 'dropped'},
        {flow: udp(w.podA, w.web, 3), expect: 'forwarded eth0 *'},
        {flow: udp(w.podA, w.web, 4), expect: 'dropped'},
        {flow: udp(w.podA, w.web, 5), expect: 'dropped'},
        {flow: udp(w.podA, w.web, 6), expect: 'dropped'},
        {flow: udp(w.podA, w.web, 7), expect: 'forwarded eth0 *'},
        {flow: udp(w.podA, w.web, 8), expect: 'dropped'},
        {flow: tcp(w.podA, w.web, 11), expect: 'dropped'},
      ],
    }
  },
)

/** Lists of addresses, as far as one packet and its answer make them. */
export const RECENT: readonly Scenario[] = [...OF_ONE_PACKET, ...ORDER]
