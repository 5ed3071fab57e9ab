import type {KernelFlow} from '../lab/nodeSpec.js'
import {inBothFamilies, ping, tcp, udp, V4, type Words} from './families.js'
import type {Case, Scenario} from './scenario.js'

const DROPPED = 'dropped silent'
const PASSED = 'forwarded *'

/** A port for each question, so that a flow asks one rule: `-m set …` of it drops. */
type Question = readonly [match: string, hit: readonly KernelFlow[], miss: readonly KernelFlow[]]

function asked(w: Words, ipset: readonly string[], questions: readonly Question[]): Pick<Scenario, 'node' | 'cases'> {
  const cases = questions.flatMap(([, hit, miss], i): Case[] => [
    ...hit.map(flow => ({flow: {...flow, mark: i + 1}, expect: DROPPED})),
    ...miss.map(flow => ({flow: {...flow, mark: i + 1}, expect: PASSED})),
  ])
  const rules = questions.map(([match], i) => `-A FORWARD -m mark --mark ${i + 1} -m set ${match} -j DROP`)
  return {node: w.make({ipset, save: {filter: rules}}), cases}
}

const family = (w: Words): string => `family ${w.family === 4 ? 'inet' : 'inet6'}`
/** A net around `web`, and another address in it. */
const webNet = (w: Words): string => (w.family === 4 ? '198.51.100.0/24' : '2001:db8:ffff::/64')
const besideWeb = (w: Words): string => (w.family === 4 ? '198.51.100.1' : '2001:db8:ffff::1')
const wide = (w: Words): string => (w.family === 4 ? '198.51.0.0/16' : '2001:db8:ff00::/40')
const podNet = (w: Words): string => (w.family === 4 ? '10.20.0.0/24' : '2001:db8:20::/64')

/** Each type of set that this kernel has. */
export const IPSETS: readonly Scenario[] = [
  {
    name: 'ipset-bitmap-ip',
    fact: 'bitmap:ip holds addresses and ranges, with a netmask whole nets; a direction too many is not looked at',
    ...asked(
      V4,
      [
        'create hosts bitmap:ip range 10.20.0.0-10.20.0.255',
        `add hosts ${V4.podA}`,
        'add hosts 10.20.0.100-10.20.0.103',
        'create nets bitmap:ip range 198.51.0.0/16 netmask 24',
        'add nets 198.51.100.0',
      ],
      [
        ['--match-set hosts src', [udp(V4.podA, V4.web, 1)], [udp(V4.podB, V4.web, 1)]],
        ['! --match-set hosts src', [udp(V4.podB, V4.web, 1)], [udp(V4.podA, V4.web, 1)]],
        ['--match-set nets dst', [udp(V4.podA, '198.51.100.9', 1)], [udp(V4.podA, '198.51.101.9', 1)]],
        ['--match-set hosts dst', [udp(V4.client, '10.20.0.102', 1, {iif: 'eth1'})], [udp(V4.podA, V4.client, 1)]],
        ['--match-set hosts src,dst', [udp(V4.podA, V4.web, 1)], [udp(V4.podB, V4.web, 1)]],
      ],
    ),
  },
  {
    name: 'ipset-bitmap-ip-mac',
    fact: 'bitmap:ip,mac: the second direction chooses the MAC of sender or receiver; an entry without MAC takes any',
    ...asked(
      V4,
      [
        'create pairs bitmap:ip,mac range 10.20.0.0/24',
        `add pairs ${V4.podA},ee:00:00:00:00:0a`,
        `add pairs ${V4.podB},ee:00:00:00:00:0a`,
        'create receivers bitmap:ip,mac range 10.20.0.0/24',
        `add receivers ${V4.podA},0e:00:00:00:00:0a`,
        `add receivers ${V4.podB},0e:00:00:00:00:0a`,
        'create any bitmap:ip,mac range 10.20.0.0/24',
        `add any ${V4.podA}`,
      ],
      [
        ['--match-set pairs src,src', [udp(V4.podA, V4.web, 1)], [udp(V4.podB, V4.web, 1)]],
        ['--match-set receivers src,dst', [udp(V4.podA, V4.web, 1)], [udp(V4.podB, V4.web, 1)]],
        ['--match-set pairs src,dst', [], [udp(V4.podA, V4.web, 1)]],
        ['--match-set any src,src', [udp(V4.podA, V4.web, 1)], [udp(V4.podB, V4.web, 1)]],
        ['! --match-set pairs src,src', [udp(V4.podB, V4.web, 1)], [udp(V4.podA, V4.web, 1)]],
        ['--match-set pairs src', [], [udp(V4.podA, V4.web, 1)]],
      ],
    ),
  },
  {
    name: 'ipset-mac-by-hook',
    fact: 'a set finds the MACs of the frame that came in in every hook; what the node sends, and gets over lo, has none',
    node: V4.make({
      ipset: [
        'create pairs bitmap:ip,mac range 10.20.0.0/24',
        `add pairs ${V4.podA},ee:00:00:00:00:0a`,
        `add pairs ${V4.node},ee:00:00:00:00:0a`,
        'create any bitmap:ip,mac range 10.20.0.0/24',
        `add any ${V4.podA}`,
        `add any ${V4.node}`,
      ],
      save: {
        mangle: [
          '-A PREROUTING -p udp --dport 1 -m set --match-set pairs src,src -j DROP',
          '-A POSTROUTING -p udp --dport 2 -m set --match-set pairs src,src -j DROP',
          '-A POSTROUTING -p udp --dport 3 -m set --match-set any src,src -j DROP',
          '-A POSTROUTING -p udp --dport 4 -m set ! --match-set any src,src -j DROP',
          '-A OUTPUT -p udp --dport 5 -m set --match-set any src,src -j DROP',
          '-A INPUT -p udp --dport 6 -m set --match-set any src,src -j DROP',
          '-A INPUT -p udp --dport 7 -m set --match-set pairs src,src -j DROP',
        ],
      },
    }),
    cases: [
      {flow: udp(V4.podA, V4.web, 1), expect: DROPPED},
      {flow: udp(V4.podA, V4.web, 2), expect: DROPPED},
      {flow: udp(V4.podA, V4.web, 3), expect: DROPPED},
      {flow: udp(V4.node, V4.web, 3), expect: PASSED},
      {flow: udp(V4.node, V4.web, 4), expect: 'dropped *'},
      {flow: udp(V4.node, V4.web, 5), expect: PASSED},
      {flow: udp(V4.node, V4.node1, 6), expect: 'delivered *'},
      {flow: udp(V4.podA, V4.node, 7), expect: 'dropped *'},
    ],
  },
  ...inBothFamilies('ipset-bitmap-port', 'bitmap:port holds ports of TCP and UDP, of no other protocol', w =>
    asked(
      w,
      ['create ports bitmap:port range 0-1024', 'add ports 80', 'add ports 1000-1010'],
      [
        ['--match-set ports dst', [udp(w.podA, w.web, 80), tcp(w.podA, w.web, 1005)], [udp(w.podA, w.web, 81)]],
        ['--match-set ports src', [udp(w.podA, w.web, 9, {sport: 80})], [udp(w.podA, w.web, 80), ping(w.podA, w.web)]],
        ['! --match-set ports dst', [udp(w.podA, w.web, 81), ping(w.podA, w.web)], [udp(w.podA, w.web, 80)]],
        ['--match-set ports dst', [], [{src: w.podA, dst: w.web, proto: 'sctp', sport: 7, dport: 80}]],
      ],
    ),
  ),
  ...inBothFamilies(
    'ipset-hash-ip',
    'hash:ip under a netmask; --return-nomatch changes nothing of a set without nomatch',
    w =>
      asked(
        w,
        [
          `create hosts hash:ip ${family(w)}`,
          `add hosts ${w.podA}`,
          `create nets hash:ip ${family(w)} netmask ${w.family === 4 ? 24 : 64}`,
          `add nets ${w.web}`,
        ],
        [
          ['--match-set hosts src', [udp(w.podA, w.web, 1)], [udp(w.podB, w.web, 1)]],
          ['--match-set hosts dst', [udp(w.podB, w.podA, 1)], [udp(w.podA, w.podB, 1)]],
          ['--match-set nets dst', [udp(w.podA, besideWeb(w), 1)], [udp(w.podA, w.client, 1)]],
          ['--match-set hosts src --return-nomatch', [udp(w.podA, w.web, 1)], [udp(w.podB, w.web, 1)]],
          ['! --match-set hosts src --return-nomatch', [udp(w.podB, w.web, 1)], [udp(w.podA, w.web, 1)]],
          ['--match-set hosts src,dst,src', [udp(w.podA, w.web, 1)], [udp(w.podB, w.web, 1)]],
        ],
      ),
  ),
  ...inBothFamilies(
    'ipset-hash-net',
    'hash:net: the most specific net decides; --return-nomatch asks for its nomatch',
    w =>
      asked(
        w,
        [
          `create nets hash:net ${family(w)}`,
          `add nets ${wide(w)}`,
          `add nets ${webNet(w)} nomatch`,
          `add nets ${w.web}`,
          `add nets ${podNet(w)} nomatch`,
        ],
        [
          ['--match-set nets dst', [udp(w.podA, w.web, 1)], [udp(w.podA, besideWeb(w), 1), udp(w.podA, w.podB, 1)]],
          ['! --match-set nets dst', [udp(w.podA, besideWeb(w), 1), udp(w.podA, w.podB, 1)], [udp(w.podA, w.web, 1)]],
          ['--match-set nets dst --return-nomatch', [udp(w.podA, besideWeb(w), 1)], [udp(w.podA, w.web, 1)]],
          ['! --match-set nets dst --return-nomatch', [udp(w.podA, w.web, 1)], [udp(w.podA, besideWeb(w), 1)]],
          ['--match-set nets src --return-nomatch', [udp(w.podA, w.web, 1)], [udp(w.client, w.podA, 1, {iif: 'eth0'})]],
          ['--match-set nets dst,src', [udp(w.podA, w.web, 1)], [udp(w.podA, besideWeb(w), 1)]],
        ],
      ),
  ),
  ...inBothFamilies(
    'ipset-hash-ip-port',
    'hash:ip,port: protocols without ports have port 0, ICMP its type and code',
    w => {
      const echo = w.family === 4 ? 'icmp:8/0' : 'icmpv6:128/0'
      return asked(
        w,
        [
          `create pairs hash:ip,port ${family(w)}`,
          `add pairs ${w.web},80`,
          `add pairs ${w.web},udp:50-60`,
          `add pairs ${w.web},sctp:9`,
          `add pairs ${w.web},udplite:7`,
          `add pairs ${w.web},gre:0`,
          `add pairs ${w.web},dccp:0`,
          `add pairs ${w.web},${echo}`,
          `add pairs ${w.podA},tcp:40000`,
        ],
        [
          [
            '--match-set pairs dst,dst',
            [
              tcp(w.podA, w.web, 80),
              udp(w.podA, w.web, 55),
              ping(w.podA, w.web),
              {src: w.podA, dst: w.web, proto: 'gre'},
              {src: w.podA, dst: w.web, proto: 'sctp', sport: 7, dport: 9},
            ],
            [
              udp(w.podA, w.web, 80),
              tcp(w.podA, w.web, 55),
              ping(w.podA, w.client),
              {src: w.podA, dst: w.web, proto: 'esp'},
              {src: w.podA, dst: w.web, proto: 'sctp', sport: 9, dport: 7},
            ],
          ],
          ['--match-set pairs src,src', [tcp(w.podA, w.web, 1)], [udp(w.podA, w.web, 1), tcp(w.podB, w.web, 1)]],
          ['--match-set pairs dst,src', [tcp(w.podA, w.web, 9, {sport: 80})], [tcp(w.podA, w.web, 80)]],
          ['--match-set pairs src,dst', [tcp(w.podA, w.web, 40000)], [tcp(w.podA, w.web, 80)]],
          ['! --match-set pairs dst,dst', [tcp(w.podA, w.web, 81)], [tcp(w.podA, w.web, 80)]],
          ['--match-set pairs dst', [], [tcp(w.podA, w.web, 80)]],
        ],
      )
    },
  ),
  ...inBothFamilies(
    'ipset-hash-ip-port-ip',
    'hash:ip,port,ip and hash:ip,port,net: each dimension by its own direction',
    w =>
      asked(
        w,
        [
          `create ips hash:ip,port,ip ${family(w)}`,
          `add ips ${w.podA},udp:53,${w.web}`,
          `add ips ${w.podA},udp:54,${w.podA}`,
          `create nets hash:ip,port,net ${family(w)}`,
          `add nets ${w.podA},udp:53,${wide(w)}`,
          `add nets ${w.podA},udp:53,${webNet(w)} nomatch`,
          `add nets ${w.podA},udp:53,${w.web}`,
        ],
        [
          [
            '--match-set ips src,dst,dst',
            [udp(w.podA, w.web, 53)],
            [udp(w.podA, w.client, 53), udp(w.podB, w.web, 53)],
          ],
          ['--match-set ips src,src,dst', [udp(w.podA, w.web, 9, {sport: 53})], [udp(w.podA, w.web, 53)]],
          ['--match-set ips src,dst,src', [udp(w.podA, w.web, 54)], [udp(w.podA, w.web, 53)]],
          ['--match-set ips dst,src,src', [udp(w.web, w.podA, 9, {sport: 53, iif: 'eth0'})], [udp(w.podA, w.web, 53)]],
          ['--match-set nets src,dst,dst', [udp(w.podA, w.web, 53)], [udp(w.podA, besideWeb(w), 53)]],
          ['! --match-set nets src,dst,dst', [udp(w.podA, besideWeb(w), 53)], [udp(w.podA, w.web, 53)]],
          ['--match-set nets src,dst,dst --return-nomatch', [udp(w.podA, besideWeb(w), 53)], [udp(w.podA, w.web, 53)]],
          ['--match-set nets dst,src,src', [udp(w.web, w.podA, 9, {sport: 53, iif: 'eth0'})], [udp(w.podA, w.web, 53)]],
        ],
      ),
  ),
  ...inBothFamilies('ipset-hash-net-port', 'hash:net,port: the most specific net that has the port decides', w =>
    asked(
      w,
      [
        `create pairs hash:net,port ${family(w)}`,
        `add pairs ${wide(w)},udp:53`,
        `add pairs ${wide(w)},tcp:53`,
        `add pairs ${webNet(w)},udp:53 nomatch`,
        `add pairs ${podNet(w)},udp:40000`,
      ],
      [
        ['--match-set pairs dst,dst', [tcp(w.podA, w.web, 53)], [udp(w.podA, w.web, 53), tcp(w.podA, w.web, 54)]],
        ['--match-set pairs src,src', [udp(w.podB, w.web, 1)], [tcp(w.podB, w.web, 1)]],
        ['--match-set pairs src,dst', [udp(w.podB, w.web, 40000)], [udp(w.podB, w.web, 1)]],
        ['! --match-set pairs dst,dst', [udp(w.podA, w.web, 53)], [tcp(w.podA, w.web, 53)]],
        ['--match-set pairs dst,dst --return-nomatch', [udp(w.podA, w.web, 53)], [tcp(w.podA, w.web, 53)]],
      ],
    ),
  ),
  ...inBothFamilies('ipset-hash-net-iface', 'hash:net,iface: wildcards, nomatch, and all addresses as /0', w =>
    asked(
      w,
      [
        `create ifaces hash:net,iface ${family(w)}`,
        `add ifaces ${podNet(w)},eni wildcard`,
        `add ifaces ${w.podB},eni wildcard nomatch`,
        `create all hash:net,iface ${family(w)}`,
        `add all ${w.family === 4 ? '0.0.0.0/0' : '::/0'},enia`,
      ],
      [
        ['--match-set ifaces src,src', [udp(w.podA, w.web, 1)], [udp(w.podB, w.web, 1)]],
        ['--match-set ifaces src,src --return-nomatch', [udp(w.podB, w.web, 1)], [udp(w.podA, w.web, 1)]],
        ['! --match-set ifaces src,src', [udp(w.podB, w.web, 1)], [udp(w.podA, w.web, 1)]],
        ['--match-set ifaces src,dst', [udp(w.podA, w.podB, 1)], [udp(w.podA, w.web, 1)]],
        ['--match-set all src,src', [udp(w.podA, w.web, 1)], [udp(w.podB, w.web, 1)]],
      ],
    ),
  ),
  ...inBothFamilies(
    'ipset-list',
    'list:set asks the members whose dimensions there are directions for; nomatch counts in each',
    w =>
      asked(
        w,
        [
          `create hosts hash:ip ${family(w)}`,
          `add hosts ${w.podA}`,
          `create pairs hash:ip,port ${family(w)}`,
          `add pairs ${w.podB},udp:53`,
          `create nets hash:net ${family(w)}`,
          `add nets ${wide(w)}`,
          `add nets ${webNet(w)} nomatch`,
          'create all list:set',
          'add all hosts',
          'add all pairs',
          'add all nets',
        ],
        [
          ['--match-set all src', [udp(w.podA, w.web, 53)], [udp(w.podB, w.web, 53)]],
          ['--match-set all src,dst', [udp(w.podB, w.web, 53), udp(w.podA, w.web, 1)], [udp(w.podB, w.web, 54)]],
          ['--match-set all src,dst,dst', [udp(w.podB, w.web, 53), udp(w.podA, w.web, 1)], [udp(w.podB, w.web, 54)]],
          ['! --match-set all src', [udp(w.podB, w.web, 53)], [udp(w.podA, w.web, 53)]],
          ['--match-set all dst', [], [udp(w.podB, w.web, 53)]],
          ['--match-set all dst --return-nomatch', [udp(w.podB, w.web, 53)], [udp(w.podB, w.client, 53)]],
          ['--match-set all src --return-nomatch', [udp(w.podA, w.web, 53)], [udp(w.podB, w.web, 53)]],
        ],
      ),
  ),
  ...inBothFamilies(
    'ipset-of-the-other-family',
    'a set of the other family holds nothing, and so does a list of it',
    w =>
      asked(
        w,
        [
          `create others hash:net family ${w.family === 4 ? 'inet6' : 'inet'}`,
          `add others ${w.family === 4 ? '2000::/3' : '10.0.0.0/8'}`,
          'create all list:set',
          'add all others',
        ],
        [
          ['--match-set all src', [], [udp(w.podA, w.web, 1)]],
          ['! --match-set all src', [udp(w.podA, w.web, 1)], []],
        ],
      ),
  ),
]
