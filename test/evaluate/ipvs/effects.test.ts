import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {tinyNode} from '../../support/tinyNode.js'

const FLOW: FlowWords = {src: '10.0.9.9', dst: '10.0.0.2', proto: 'tcp', sport: 40000, dport: 80}
const UDP: FlowWords = {...FLOW, proto: 'udp'}

interface Case {
  readonly listing: readonly string[]
  readonly flow?: FlowWords
  readonly sysctl?: string
  readonly routes?: string
}

const ROUTES = `default via 10.0.0.1 dev eth0
10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.2
10.0.1.0/24 dev eth1 proto kernel scope link src 10.0.1.2
10.0.9.9 dev veth0 scope link
blackhole 10.66.0.0/16`

function explain({listing, flow = FLOW, sysctl = '', routes = ROUTES}: Case) {
  const node = tinyNode(
    {},
    {
      'ipvsadm-save.txt': `${listing.join('\n')}\n`,
      'ip-route.txt': routes,
      'sysctl.txt': `net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\nnet.ipv4.vs.conntrack = 1\n${sysctl}`,
    },
  )
  return explainWords(node, flow).explanation.outcomes
}

/** How the first outcome ends, and what the steps of IPVS say. */
function told(all: Case): string[] {
  const [outcome] = explain(all)
  const {disposition, reason, egress, packet, steps = []} = outcome ?? {}
  const way = egress === null || egress === undefined ? '' : ` ${egress.interface} ${egress.nextHop ?? ''}`
  const words = steps
    .filter(({kind, effect}) => kind.startsWith('ipvs') && effect !== '')
    .map(({target, effect}) => `${target}: ${effect}`)
  return [
    `${disposition}${reason === null ? '' : ` ${reason}`}${way} ${packet?.proto} ${packet?.dst}:${packet?.dport}`,
    ...words,
  ]
}

const to = (real: string, how: string): string[] => [
  '-A -t 10.0.0.2:80 -s rr',
  `-a -t 10.0.0.2:80 -r ${real} ${how} -w 1`,
]

describe('what IPVS did, in words', () => {
  it.each<[string, Case, string[]]>([
    [
      'masquerading',
      {listing: to('10.0.0.20:8080', '-m')},
      ['forwarded eth0 10.0.0.20 tcp 10.0.0.20:8080', 'MASQ: destination 10.0.0.2:80 → 10.0.0.20:8080'],
    ],
    [
      'direct routing',
      {listing: to('10.0.0.20:80', '-g')},
      ['forwarded eth0 10.0.0.20 tcp 10.0.0.2:80', 'ROUTE: as it is, to 10.0.0.20'],
    ],
    [
      'a tunnel',
      {listing: to('10.0.0.20:80', '-i')},
      ['forwarded eth0 10.0.0.20 ipencap 10.0.0.20:null', 'TUNNEL: inside a packet (ipip) to 10.0.0.20'],
    ],
    [
      'a tunnel by UDP',
      {listing: to('10.0.0.20:80', '-i --tun-type gue --tun-port 6080 --tun-nocsum')},
      ['forwarded eth0 10.0.0.20 udp 10.0.0.20:6080', 'TUNNEL: inside a packet (gue) to 10.0.0.20'],
    ],
    [
      'a tunnel by GRE',
      {listing: to('10.0.0.20:80', '-i --tun-type gre --tun-nocsum')},
      ['forwarded eth0 10.0.0.20 gre 10.0.0.20:null', 'TUNNEL: inside a packet (gre) to 10.0.0.20'],
    ],
    [
      'no way to the real server',
      {listing: to('10.66.0.20:8080', '-m')},
      ['unroutable BLACKHOLE tcp 10.0.0.2:80', 'masquerade: no route to 10.66.0.20:8080'],
    ],
    [
      'a TTL that ends',
      {listing: to('10.0.0.20:8080', '-m'), flow: {...FLOW, ttl: 1}},
      ['unroutable TTL_EXCEEDED tcp 10.0.0.2:80', 'TTL_EXCEEDED: the TTL is 1: time exceeded'],
    ],
    [
      'from outside to a loopback address',
      {listing: to('127.0.0.1:8080', '-m')},
      ['dropped IPVS_DROPPED tcp 10.0.0.2:80', 'dropped: nothing from outside is sent to a loopback address'],
    ],
    [
      'from the node to a loopback address',
      {listing: to('127.0.0.1:8080', '-m'), flow: {...FLOW, src: '10.0.0.2'}},
      ['delivered tcp 127.0.0.1:8080', 'MASQ: destination 10.0.0.2:80 → 127.0.0.1:8080'],
    ],
    [
      'from a loopback address outward',
      {listing: to('10.0.0.20:8080', '-m'), flow: {...FLOW, src: '127.0.0.1'}},
      ['dropped IPVS_DROPPED tcp 10.0.0.2:80', 'dropped: IPVS sends nothing from a loopback address to another host'],
    ],
    [
      'masquerading to the node itself',
      {listing: to('10.0.1.2:8080', '-m')},
      ['delivered tcp 10.0.1.2:8080', 'MASQ: destination 10.0.0.2:80 → 10.0.1.2:8080'],
    ],
    [
      'direct routing to the node itself',
      {listing: to('10.0.1.2:80', '-g')},
      ['delivered tcp 10.0.0.2:80', 'ROUTE: as it is, to 10.0.1.2'],
    ],
    [
      'a tunnel to the node itself',
      {listing: to('10.0.1.2:80', '-i')},
      ['delivered tcp 10.0.0.2:80', 'TUNNEL: a server on this node itself'],
    ],
    [
      'no real server',
      {listing: ['-A -t 10.0.0.2:80 -s rr']},
      ['rejected IPVS_NO_DESTINATION tcp 10.0.0.2:80', 'no destination: no real server: it has no real servers'],
    ],
    [
      'one that takes none',
      {listing: ['-A -t 10.0.0.2:80 -s rr', '-a -t 10.0.0.2:80 -r 10.0.0.20:8080 -m -w 0']},
      [
        'rejected IPVS_NO_DESTINATION tcp 10.0.0.2:80',
        'no destination: no real server: its real server takes no connections',
      ],
    ],
    [
      'two that take none',
      {
        listing: [
          '-A -t 10.0.0.2:80 -s rr',
          '-a -t 10.0.0.2:80 -r 10.0.0.20:8080 -m -w 0',
          '-a -t 10.0.0.2:80 -r 10.0.0.21:8080 -m -w 0',
        ],
      },
      [
        'rejected IPVS_NO_DESTINATION tcp 10.0.0.2:80',
        'no destination: no real server: none of its 2 real servers takes it',
      ],
    ],
    [
      'one packet a time',
      {listing: ['-A -u 10.0.0.2:80 -s rr -o', '-a -u 10.0.0.2:80 -r 10.0.0.20:8080 -m -w 1'], flow: UDP},
      ['forwarded eth0 10.0.0.20 udp 10.0.0.20:8080', 'MASQ: destination 10.0.0.2:80 → 10.0.0.20:8080'],
    ],
    [
      'by mark',
      {listing: ['-A -f 7 -s rr', '-a -f 7 -r 10.0.0.20:0 -m -w 1'], flow: {...FLOW, mark: 7}},
      ['forwarded eth0 10.0.0.20 tcp 10.0.0.20:80', 'MASQ: destination 10.0.0.2:80 → 10.0.0.20:80'],
    ],
    [
      'a persistent client',
      {listing: ['-A -t 10.0.0.2:80 -s rr -p 300', '-a -t 10.0.0.2:80 -r 10.0.0.20:8080 -m -w 1']},
      ['forwarded eth0 10.0.0.20 tcp 10.0.0.20:8080', 'MASQ: destination 10.0.0.2:80 → 10.0.0.20:8080'],
    ],
    [
      'another address',
      {listing: to('10.0.0.20:8080', '-m'), flow: {...FLOW, dst: '10.0.1.2'}},
      ['delivered tcp 10.0.1.2:80'],
    ],
    ['another protocol', {listing: to('10.0.0.20:8080', '-m'), flow: UDP}, ['delivered udp 10.0.0.2:80']],
    [
      'drop_packet',
      {listing: to('10.0.0.20:8080', '-m'), sysctl: 'net.ipv4.vs.drop_packet = 3\nnet.ipv4.vs.am_droprate = 2\n'},
      ['dropped IPVS_DROPPED tcp 10.0.0.2:80', 'dropped: net.ipv4.vs.drop_packet drops one of so many new connections'],
    ],
  ])('%s', (_, all, expected) => {
    expect(told(all)).toEqual(expected)
  })
})
