import {addrtype} from './addrtype.js'
import {conntrack, state} from './conntrack.js'
import {physdev, rpfilter} from './device.js'
import {
  comment,
  connmark,
  cpu,
  dscp,
  ecn,
  hl,
  iprange,
  length,
  mac,
  mark,
  nfacct,
  pkttype,
  realm,
  tcpmss,
  tos,
  ttl,
} from './header.js'
import {icmp, icmp6} from './icmp.js'
import {ipvs} from './ipvs.js'
import {independentOptions, type LoadMatch} from './loadedMatch.js'
import {multiport} from './multiport.js'
import {opaque, opaqueOption} from './opaque.js'
import {PORT_OPTIONS} from './ports.js'
import {owner, socket} from './process.js'
import {recent} from './recent.js'
import {set} from './set.js'
import {statistic} from './statistic.js'
import {tcp, udp} from './tcp.js'

const sctp = independentOptions({...PORT_OPTIONS, '--chunk-types': opaqueOption('sctp', 'unmodelled')})
const dccp = independentOptions({
  ...PORT_OPTIONS,
  '--dccp-types': opaqueOption('dccp', 'unmodelled'),
  '--dccp-option': opaqueOption('dccp', 'unmodelled'),
})

/** Every match module there is, by its `-m` name. The options of the opaque ones are those of iptables 1.4.21 … 1.8.11. */
export const MATCH_MODULES: ReadonlyMap<string, LoadMatch> = new Map<string, LoadMatch>([
  ['addrtype', addrtype],
  ['comment', comment],
  ['connmark', connmark],
  ['conntrack', conntrack],
  ['cpu', cpu],
  ['dccp', dccp],
  ['dscp', dscp],
  ['ecn', ecn],
  ['hl', hl],
  ['icmp', icmp],
  ['icmp6', icmp6],
  ['icmpv6', icmp6],
  ['ipv6-icmp', icmp6],
  ['iprange', iprange],
  ['ipvs', ipvs],
  ['length', length],
  ['mac', mac],
  ['mark', mark],
  ['multiport', multiport],
  ['nfacct', nfacct],
  ['owner', owner],
  ['physdev', physdev],
  ['pkttype', pkttype],
  ['realm', realm],
  ['recent', recent],
  ['rpfilter', rpfilter],
  ['sctp', sctp],
  ['set', set],
  ['socket', socket],
  ['state', state],
  ['statistic', statistic],
  ['tcp', tcp],
  ['tcpmss', tcpmss],
  ['tos', tos],
  ['ttl', ttl],
  ['udp', udp],
  ['udplite', udp],

  ['connbytes', opaque('connbytes', 'state', 'connbytes connbytes-dir connbytes-mode')],
  ['connlabel', opaque('connlabel', 'state', 'label set')],
  [
    'connlimit',
    opaque('connlimit', 'state', 'connlimit-above connlimit-upto connlimit-mask connlimit-saddr connlimit-daddr'),
  ],
  ['dstlimit', opaque('dstlimit', 'state', 'dstlimit dstlimit-mode dstlimit-name dstlimit-burst dstlimit-htable-size')],
  [
    'hashlimit',
    opaque(
      'hashlimit',
      'state',
      'hashlimit hashlimit-upto hashlimit-above hashlimit-burst hashlimit-mode hashlimit-srcmask hashlimit-dstmask hashlimit-name ' +
        'hashlimit-htable-size hashlimit-htable-max hashlimit-htable-expire hashlimit-htable-gcinterval hashlimit-rate-match ' +
        'hashlimit-rate-interval',
    ),
  ],
  ['limit', opaque('limit', 'state', 'limit limit-burst')],
  ['quota', opaque('quota', 'state', 'quota')],
  ['quota2', opaque('quota2', 'state', 'quota name grow no-change packets')],
  [
    'rateest',
    opaque(
      'rateest',
      'state',
      'rateest rateest1 rateest2 rateest-delta rateest-bps rateest-bps1 rateest-bps2 rateest-pps ' +
        'rateest-pps1 rateest-pps2 rateest-lt rateest-gt rateest-eq bytes',
    ),
  ],
  ['helper', opaque('helper', 'state', 'helper')],
  ['osf', opaque('osf', 'state', 'genre ttl log')],

  ['cgroup', opaque('cgroup', 'environment', 'cgroup path')],
  [
    'time',
    opaque(
      'time',
      'environment',
      'datestart datestop timestart timestop monthdays weekdays kerneltz contiguous utc localtz',
    ),
  ],

  ['ah', opaque('ah', 'unmodelled', 'ahspi ahlen ahres')],
  ['bpf', opaque('bpf', 'unmodelled', 'bytecode object-pinned')],
  [
    'cluster',
    opaque('cluster', 'unmodelled', 'cluster-total-nodes cluster-local-node cluster-local-nodemask cluster-hash-seed'),
  ],
  ['devgroup', opaque('devgroup', 'unmodelled', 'src-group dst-group')],
  ['dst', opaque('dst', 'unmodelled', 'dst-len dst-opts')],
  ['esp', opaque('esp', 'unmodelled', 'espspi')],
  ['eui64', opaque('eui64', 'unmodelled', '')],
  ['frag', opaque('frag', 'unmodelled', 'fragid fraglen fragres fragfirst fragmore fraglast')],
  ['hbh', opaque('hbh', 'unmodelled', 'hbh-len hbh-opts')],
  ['ipcomp', opaque('ipcomp', 'unmodelled', 'ipcompspi compres')],
  ['ipv6header', opaque('ipv6header', 'unmodelled', 'header soft')],
  ['ipv4options', opaque('ipv4options', 'unmodelled', 'flags any')],
  ['l2tp', opaque('l2tp', 'unmodelled', 'tid sid pversion type')],
  ['mh', opaque('mh', 'unmodelled', 'mh-type')],
  ['policy', opaque('policy', 'unmodelled', 'dir pol strict reqid spi tunnel-src tunnel-dst proto mode next')],
  ['rt', opaque('rt', 'unmodelled', 'rt-type rt-segsleft rt-len rt-0-res rt-0-addrs rt-0-not-strict')],
  [
    'srh',
    opaque(
      'srh',
      'unmodelled',
      'srh-next-hdr srh-hdr-len-eq srh-hdr-len-gt srh-hdr-len-lt srh-segs-left-eq srh-segs-left-gt ' +
        'srh-segs-left-lt srh-last-entry-eq srh-last-entry-gt srh-last-entry-lt srh-tag srh-psid srh-nsid srh-lsid',
    ),
  ],
  ['string', opaque('string', 'unmodelled', 'from to algo string hex-string icase')],
  ['u32', opaque('u32', 'unmodelled', 'u32')],
  ['unclean', opaque('unclean', 'unmodelled', '')],
])

/** The module that `-p` alone makes available: `-p tcp --dport 80`. By protocol number. */
export const PROTOCOL_MODULES: ReadonlyMap<number, string> = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [33, 'dccp'],
  [50, 'esp'],
  [51, 'ah'],
  [58, 'icmp6'],
  [108, 'ipcomp'],
  [132, 'sctp'],
  [135, 'mh'],
  [136, 'udplite'],
])
