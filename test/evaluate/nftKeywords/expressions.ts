import {
  INWARD,
  KNOWN,
  KNOWN_NAT,
  KNOWN_REPLY,
  OWN,
  PING,
  PING6,
  type State,
  TCP,
  type Truth,
  UDP,
} from '../keywords/probe.js'
import type {FlowWords} from '../../support/explainFlow.js'

export interface ExpressionCase {
  /** A comparison. `!?` stands where `!=` may: the case is tried without and with it. */
  readonly text: string
  readonly flow: FlowWords
  readonly truth: Truth
}

export interface ExpressionProbe {
  /** As docs/limitations.md names it. */
  readonly keyword: string
  readonly state: State
  readonly hook: string
  readonly cases: readonly ExpressionCase[]
}

type Case = readonly [text: string, flow: FlowWords, truth: Truth]

function probe(state: State, keyword: string, hook: string, ...cases: readonly Case[]): ExpressionProbe {
  return {keyword, state, hook, cases: cases.map(([text, flow, truth]) => ({text, flow, truth}))}
}

const full = (keyword: string, ...cases: readonly Case[]): ExpressionProbe =>
  probe('full', keyword, 'forward', ...cases)

/** Recognised: it branches for a packet that has it, and ends the rule for one that has not. */
function open(keyword: string, value: string, flow: FlowWords = TCP, ...cases: readonly Case[]): ExpressionProbe {
  return probe('not modelled', keyword, 'forward', [`${keyword} ${value}`, flow, 'open'], ...cases)
}

const TCP6: FlowWords = {...PING6, proto: 'tcp', sport: 40000, dport: 443}
const never = (text: string): Case => [text, PING, 'false']

const NETWORK: readonly ExpressionProbe[] = [
  full(
    'ip saddr',
    ['ip saddr !?10.0.9.9', TCP, 'true'],
    ['ip saddr !?10.0.8.0/24', TCP, 'false'],
    ['ip saddr != 1.1.1.1', TCP6, 'false'],
  ),
  full('ip daddr', ['ip daddr !?8.8.8.0-8.8.8.8', TCP, 'true'], ['ip daddr !?{ 8.8.4.4, 8.8.8.0/25 }', TCP, 'true']),
  full('ip protocol', ['ip protocol !?tcp', TCP, 'true'], ['ip protocol !?{ udp, icmp }', TCP, 'false']),
  full('ip ttl', ['ip ttl !?64', TCP, 'false'], ['ip ttl < 64', TCP, 'true']),
  full('ip dscp', ['ip dscp !?ef', {...TCP, dscp: 46}, 'true'], ['ip dscp !?cs1', TCP, 'false']),
  full('ip ecn', ['ip ecn !?not-ect', TCP, 'true']),
  full('ip length', ['ip length !?20-65535', TCP, 'true'], ['ip length < 20', TCP, 'false']),
  full('ip version', ['ip version !?4', TCP, 'true']),
  probe(
    'partial',
    'ip frag-off',
    'forward',
    ['ip frag-off & 0x1fff == 0', TCP, 'true'],
    ['ip frag-off & 0x4000 == 0', TCP, 'open'],
  ),
  open('ip hdrlength', '5'),
  open('ip id', '7'),
  open('ip checksum', '7'),
  full('ip6 saddr', ['ip6 saddr !?2001:db8:9::9', TCP6, 'true'], ['ip6 saddr != ::1', TCP, 'false']),
  full('ip6 daddr', ['ip6 daddr !?2001:db8::/32', TCP6, 'true']),
  full('ip6 nexthdr', ['ip6 nexthdr !?tcp', TCP6, 'true']),
  full('ip6 hoplimit', ['ip6 hoplimit > 64', TCP6, 'false']),
  full('ip6 dscp', ['ip6 dscp !?cs0', TCP6, 'true']),
  full('ip6 ecn', ['ip6 ecn !?ce', TCP6, 'false']),
  full('ip6 length', ['ip6 length !?0-65535', TCP6, 'true']),
  full('ip6 version', ['ip6 version !?6', TCP6, 'true']),
  open('ip6 flowlabel', '7', TCP6),
]

const TRANSPORT: readonly ExpressionProbe[] = [
  ...(['tcp', 'udp', 'udplite', 'sctp', 'dccp'] as const).flatMap(protocol => {
    const flow = {...TCP, proto: protocol}
    return [
      full(`${protocol} sport`, [`${protocol} sport !?40000`, flow, 'true'], [`${protocol} sport != 1`, PING, 'false']),
      full(
        `${protocol} dport`,
        [`${protocol} dport !?{ 1-100, 443 }`, flow, 'true'],
        [`${protocol} dport >= 444`, flow, 'false'],
        never(`${protocol} dport != 1`),
      ),
    ]
  }),
  full('th sport', ['th sport !?40000', UDP, 'true'], ['th sport !?2048', PING, 'true']),
  full('th dport', ['meta l4proto { tcp, udp } th dport !?53', UDP, 'true']),
  full(
    'tcp flags',
    ['tcp flags syn', TCP, 'true'],
    ['tcp flags !?syn', {...TCP, tcpFlags: 'SYN,FIN', ctState: 'NEW'}, 'false'],
    ['tcp flags & (fin | syn | rst | ack) !?syn', TCP, 'true'],
    ['tcp flags ! syn', TCP, 'false'],
    ['tcp flags syn / syn,ack', TCP, 'true'],
  ),
  ...['tcp sequence', 'tcp ackseq', 'tcp doff', 'tcp reserved', 'tcp window', 'tcp checksum', 'tcp urgptr'].map(
    keyword => open(keyword, '1', TCP, never(`${keyword} != 1`)),
  ),
  open('udp length', '8', UDP),
  open('udp checksum', '8', UDP),
  ...['udplite checksum', 'udplite csumcov'].map(keyword => open(keyword, '8', {...TCP, proto: 'udplite'})),
  ...['sctp vtag', 'sctp checksum'].map(keyword => open(keyword, '8', {...TCP, proto: 'sctp'})),
  open('dccp type', 'request', {...TCP, proto: 'dccp'}),
  full(
    'icmp type',
    ['icmp type !?echo-request', PING, 'true'],
    ['icmp type !?{ echo-reply, redirect }', PING, 'false'],
    ['icmp type != 0', TCP, 'false'],
  ),
  full('icmp code', ['icmp code !?0', PING, 'true']),
  ...['checksum', 'id', 'sequence', 'mtu', 'gateway'].map(field => open(`icmp ${field}`, '1', PING)),
  full('icmpv6 type', ['icmpv6 type !?echo-request', PING6, 'true'], ['icmpv6 type != 1', PING, 'false']),
  full('icmpv6 code', ['icmpv6 code !?3', PING6, 'false']),
  ...['checksum', 'parameter-problem', 'packet-too-big', 'id', 'sequence', 'max-delay'].map(field =>
    open(`icmpv6 ${field}`, '1', PING6),
  ),
  ...['taddr', 'daddr'].map(field => open(`icmpv6 ${field}`, '::1', PING6)),
  ...['nexthdr', 'hdrlength', 'reserved', 'spi', 'sequence'].map(field =>
    open(`ah ${field}`, '1', {...PING, proto: 'ah'}, never(`ah ${field} != 1`)),
  ),
  ...['spi', 'sequence'].map(field => open(`esp ${field}`, '1', {...PING, proto: 'esp'}, never(`esp ${field} != 1`))),
  ...['nexthdr', 'flags', 'cpi'].map(field =>
    open(`comp ${field}`, '1', {...PING, proto: '108'}, never(`comp ${field} != 1`)),
  ),
]

const LINK: readonly ExpressionProbe[] = [
  full(
    'ether saddr',
    ['ether saddr !?ee:00:00:00:00:99', TCP, 'true'],
    ['ether saddr != 0a:00:00:00:00:01', INWARD, 'open'],
  ),
  open('ether daddr', '0a:00:00:00:00:0a', INWARD),
  full('ether type', ['ether type !?ip', INWARD, 'true']),
  ...[
    'vlan id',
    'vlan pcp',
    'vlan dei',
    'vlan cfi',
    'vlan type',
    'arp operation',
    'arp htype',
    'arp ptype',
    'arp hlen',
    'arp plen',
  ].map(keyword => full(keyword, [`${keyword} != 1`, TCP, 'false'])),
]

const META: readonly ExpressionProbe[] = [
  full(
    'meta mark',
    ['meta mark !?0x7', {...TCP, mark: 7}, 'true'],
    ['meta mark & 0x80 !?0x80', TCP, 'false'],
    ['meta mark 0x00000000/28', TCP, 'true'],
  ),
  full('meta iif', ['iif !?"veth0"', TCP, 'true']),
  full('meta iifname', ['iifname !?"veth*"', TCP, 'true'], ['iifname !?{ "eth0", "x*" }', TCP, 'false']),
  full('meta oif', ['oif !?"eth0"', TCP, 'true']),
  full('meta oifname', ['oifname !?"eth1"', TCP, 'false']),
  full('meta l4proto', ['meta l4proto !?{ tcp, udp }', TCP, 'true']),
  full('meta nfproto', ['meta nfproto !?ipv4', TCP, 'true'], ['meta nfproto !?ipv4', TCP6, 'false']),
  full('meta protocol', ['meta protocol !?ip', TCP, 'true']),
  full('meta length', ['meta length !?20-65535', TCP, 'true']),
  full('meta random', ['meta random < 0', TCP, 'false'], ['meta random 0-4294967295', TCP, 'true']),
  probe('partial', 'meta pkttype', 'forward', ['meta pkttype !?host', TCP, 'true']),
  ...['skuid', 'skgid', 'cgroup'].map(key =>
    probe('not modelled', `meta ${key}`, 'output', [`meta ${key} 7`, OWN, 'open']),
  ),
  ...['iifkind', 'oifkind'].map(key => open(`meta ${key}`, '"veth"')),
  ...['iiftype', 'oiftype'].map(key => open(`meta ${key}`, 'ether')),
  ...['iifgroup', 'oifgroup'].map(key => open(`meta ${key}`, '7')),
  ...['ibrname', 'obrname', 'sdif', 'sdifname'].map(key => open(`meta ${key}`, '"x"')),
  ...['rtclassid', 'priority', 'secmark'].map(key => open(`meta ${key}`, 'x')),
  ...['cpu', 'nftrace', 'broute'].map(key => open(`meta ${key}`, '1')),
  ...['ipsec', 'secpath'].map(key => open(`meta ${key}`, 'exists')),
  ...['time', 'hour', 'day'].map(key => open(`meta ${key}`, '"08:00"-"17:00"')),
]

const CT: readonly ExpressionProbe[] = [
  full(
    'ct state',
    ['ct state new', TCP, 'true'],
    ['ct state established,related', KNOWN, 'true'],
    ['ct state !?{ invalid, untracked }', TCP, 'false'],
  ),
  full('ct status', ['ct status dnat', KNOWN_NAT, 'true'], ['ct status assured', TCP, 'false']),
  full('ct direction', ['ct direction !?reply', KNOWN_REPLY, 'true']),
  full('ct mark', ['ct mark !?0x5', KNOWN, 'true'], ['ct mark & 0x4 != 0', TCP, 'false']),
  ...['saddr', 'ip saddr'].map(key => full(`ct ${key}`, [`ct original ${key} !?10.0.9.9`, KNOWN_REPLY, 'true'])),
  ...['daddr', 'ip daddr'].map(key => full(`ct ${key}`, [`ct reply ${key} !?10.0.9.0/24`, KNOWN_NAT, 'true'])),
  full(
    'ct ip6 saddr',
    ['ct original ip6 saddr !?2001:db8:9::9', PING6, 'true'],
    ['ct original ip6 saddr != ::1', TCP, 'false'],
  ),
  full('ct ip6 daddr', ['ct reply ip6 daddr !?2001:db8:9::9', PING6, 'true']),
  full('ct proto-src', ['ct original proto-src !?40000', TCP, 'true']),
  full(
    'ct proto-dst',
    ['ct original proto-dst !?443', TCP, 'true'],
    ['ct original proto-dst 0x1bb [invalid type]', TCP, 'true'],
  ),
  full('ct protocol', ['ct original protocol !?tcp', TCP, 'true']),
  full('ct l3proto', ['ct l3proto !?ipv4', TCP, 'true']),
  full('ct zone', ['ct zone !?0', TCP, 'true'], ['ct original zone !?5', TCP, 'false']),
  ...['id', 'bytes', 'packets', 'avgpkt'].map(key => open(`ct ${key}`, '7')),
  ...['expiration', 'helper', 'label', 'event', 'secmark'].map(key => open(`ct ${key}`, 'x')),
]

const COMPUTED: readonly ExpressionProbe[] = [
  full(
    'fib … type',
    ['fib daddr type !?local', TCP, 'false'],
    ['fib saddr . iif type !?{ unicast, local }', TCP, 'true'],
  ),
  probe(
    'full',
    'fib … oif',
    'prerouting',
    ['fib saddr . iif oif !?"veth0"', TCP, 'true'],
    ['fib daddr oif exists', TCP, 'true'],
  ),
  probe(
    'full',
    'fib … oifname',
    'prerouting',
    ['fib daddr oifname !?"eth0"', TCP, 'true'],
    ['fib saddr . mark oifname !?"eth0"', TCP, 'false'],
  ),
  probe(
    'full',
    'fib … check',
    'prerouting',
    ['fib saddr . iif check exists', TCP, 'true'],
    ['fib saddr . iif check missing', TCP, 'false'],
  ),
  full('numgen random', ['numgen random mod 4 < 4', TCP, 'true'], ['numgen random mod 4 offset 4 0-3', TCP, 'false']),
  probe('partial', 'numgen inc', 'forward', ['numgen inc mod 2 7', TCP, 'false']),
  full(
    'jhash',
    ['jhash ip saddr mod 1 seed 0x7 0', TCP, 'true'],
    ['jhash ip saddr mod 1000 seed 0x7 1000', TCP, 'false'],
  ),
  probe('partial', 'symhash', 'forward', ['symhash mod 2 offset 4 0-3', TCP, 'false']),
  full(
    'bitwise',
    ['meta mark & 0xf0 | 0x1 == 0x71', {...TCP, mark: 0x7f}, 'true'],
    ['meta mark ^ 0x3 == 0x4', {...TCP, mark: 7}, 'true'],
    ['meta mark << 4 == 0x70', {...TCP, mark: 7}, 'true'],
  ),
  full(
    'a . b',
    ['ip saddr . tcp dport !?{ 10.0.9.0/24 . 440-450 }', TCP, 'true'],
    ['ip saddr . udp dport { 10.0.9.9 . 443 }', TCP, 'false'],
  ),
  full('@set', ['ip saddr !?@hosts', TCP, 'true'], ['ip daddr . tcp dport !?@pairs', TCP, 'false']),
  probe('partial', '@set that changes', 'forward', ['ip saddr @seen', TCP, 'open'], ['ip saddr != @seen', TCP, 'open']),
  open('exthdr', 'frag exists'),
  open('tcp option', 'maxseg size 1460'),
  open('ip option', 'ra exists'),
  open('rt', 'nexthop 10.0.0.1'),
  open('socket', 'transparent 1'),
  open('osf', 'name "Linux"'),
  open('ipsec', 'in spi 1'),
  open('@nh,', '128,32 7'),
]

export const EXPRESSIONS: readonly ExpressionProbe[] = [...NETWORK, ...TRANSPORT, ...LINK, ...META, ...CT, ...COMPUTED]
