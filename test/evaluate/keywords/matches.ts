import type {FlowWords} from '../../support/explainFlow.js'
import {
  cases,
  type Case,
  INWARD,
  KNOWN,
  KNOWN_NAT,
  KNOWN_REPLY,
  type MatchProbe,
  OWN,
  PING,
  PING6,
  type State,
  TCP,
  UDP,
  VIRTUAL,
} from './probe.js'

function probe(state: State, keyword: string, list: readonly Case[], place = 'filter FORWARD'): MatchProbe {
  return {keyword, state, place, cases: list}
}

const ported = (protocol: string, flow: FlowWords): MatchProbe[] => [
  probe(
    'full',
    `${protocol} --sport`,
    cases(`-p ${protocol} -m ${protocol} !? --sport 40000:50000`, {when: flow, unless: {...flow, sport: 39999}}),
  ),
  probe(
    'full',
    `${protocol} --dport`,
    cases(`-p ${protocol} -m ${protocol} !? --dport 80`, {when: {...flow, dport: 80}, unless: {...flow, dport: 81}}),
  ),
]

/** IPVS has VIRTUAL in hand, and has not seen INWARD, of which nothing but its absence is true. */
function ipvs(option: string, right: string, wrong: string | null, before = ''): MatchProbe[] {
  const other = wrong === null ? [] : cases(`${before}-m ipvs !? ${option} ${wrong}`, {unless: VIRTUAL})
  const stranger =
    wrong === null
      ? cases(`${before}-m ipvs !? ${option}`, {unless: INWARD})
      : [
          ...cases(`${before}-m ipvs ${option} ${right}`, {unless: INWARD}),
          ...cases(`${before}-m ipvs ! ${option} ${wrong}`, {unless: INWARD}),
        ]
  const list = [...cases(`${before}-m ipvs !? ${option} ${right}`.trim(), {when: VIRTUAL}), ...other, ...stranger]
  return [probe('full', `ipvs ${option}`, list, 'mangle POSTROUTING')]
}

/** Matches whose answer is never in a capture: one text each. */
function forks(keyword: string, text: string, flow = TCP, place?: string): MatchProbe {
  return probe('not modelled', keyword, cases(text, {open: flow}), place)
}

const BASE: readonly MatchProbe[] = [
  probe('full', '-s', cases('!? -s 10.0.9.0/24', {when: TCP, unless: INWARD})),
  probe('full', '-d', cases('!? -d 8.8.8.8/32', {when: TCP, unless: {...TCP, dst: '8.8.8.9'}})),
  probe('full', '-i', cases('!? -i veth+', {when: TCP, unless: INWARD})),
  probe('full', '-o', cases('!? -o eth0', {when: TCP, unless: INWARD})),
  probe('full', '-p', cases('!? -p tcp', {when: TCP, unless: UDP})),
  probe('full', '-f', cases('!? -f', {unless: TCP})),
  ...ported('tcp', TCP),
  ...ported('udp', UDP),
  ...ported('udplite', {...UDP, proto: 'udplite'}),
  ...ported('sctp', {...UDP, proto: 'sctp'}),
  ...ported('dccp', {...UDP, proto: 'dccp'}),
  probe(
    'full',
    'tcp --tcp-flags',
    cases('-p tcp -m tcp !? --tcp-flags SYN,ACK SYN', {when: TCP, unless: {...TCP, tcpFlags: 'SYN,ACK'}}),
  ),
  probe('full', 'tcp --syn', cases('-p tcp -m tcp !? --syn', {when: TCP, unless: {...TCP, tcpFlags: 'ACK'}})),
  forks('tcp --tcp-option', '-p tcp -m tcp !? --tcp-option 3'),
  forks('sctp --chunk-types', '-p sctp -m sctp !? --chunk-types all INIT', {...UDP, proto: 'sctp'}),
  forks('dccp --dccp-types', '-p dccp -m dccp !? --dccp-types REQUEST', {...UDP, proto: 'dccp'}),
  forks('dccp --dccp-option', '-p dccp -m dccp !? --dccp-option 3', {...UDP, proto: 'dccp'}),
  probe(
    'full',
    'icmp --icmp-type',
    cases('-p icmp -m icmp !? --icmp-type 8/0', {when: PING, unless: {...PING, icmpType: 13}}),
  ),
  probe(
    'full',
    'icmp6 --icmpv6-type',
    cases('-p ipv6-icmp -m icmp6 !? --icmpv6-type 128', {when: PING6, unless: {...PING6, icmpType: 139}}),
  ),
  probe(
    'full',
    'multiport --sports',
    cases('-p tcp -m multiport !? --sports 1,40000', {when: TCP, unless: {...TCP, sport: 2}}),
  ),
  probe(
    'full',
    'multiport --dports',
    cases('-p tcp -m multiport !? --dports 80,440:450', {when: TCP, unless: {...TCP, dport: 451}}),
  ),
  probe('full', 'multiport --ports', [
    ...cases('-p tcp -m multiport !? --ports 443', {when: TCP, unless: {...TCP, dport: 444}}),
    ...cases('-p tcp -m multiport !? --ports 443', {when: {...TCP, sport: 443, dport: 1}}),
  ]),
  probe('irrelevant', 'comment --comment', cases('-m comment --comment "has -j DROP in it"', {when: TCP})),
  probe('irrelevant', 'nfacct --nfacct-name', cases('-m nfacct --nfacct-name web', {when: TCP})),
]

const HEADER: readonly MatchProbe[] = [
  probe('full', 'mark --mark', cases('-m mark !? --mark 0x40/0xf0', {when: {...TCP, mark: 0x4f}, unless: TCP})),
  probe(
    'full',
    'iprange --src-range',
    cases('-m iprange !? --src-range 10.0.9.1-10.0.9.9', {when: TCP, unless: INWARD}),
  ),
  probe(
    'full',
    'iprange --dst-range',
    cases('-m iprange !? --dst-range 10.0.9.9-10.0.9.10', {when: INWARD, unless: TCP}),
  ),
  // the TTL has gone down by one before FORWARD
  probe('full', 'ttl --ttl-eq', cases('-m ttl !? --ttl-eq 63', {when: TCP, unless: {...TCP, ttl: 63}})),
  probe('full', 'ttl --ttl-lt', cases('-m ttl !? --ttl-lt 63', {when: {...TCP, ttl: 63}, unless: TCP})),
  probe('full', 'ttl --ttl-gt', cases('-m ttl !? --ttl-gt 62', {when: TCP, unless: {...TCP, ttl: 63}})),
  probe('full', 'hl --hl-eq', cases('-m hl !? --hl-eq 63', {when: PING6, unless: {...PING6, ttl: 63}})),
  probe('full', 'hl --hl-lt', cases('-m hl !? --hl-lt 63', {when: {...PING6, ttl: 63}, unless: PING6})),
  probe('full', 'hl --hl-gt', cases('-m hl !? --hl-gt 62', {when: PING6, unless: {...PING6, ttl: 63}})),
  probe('full', 'dscp --dscp', cases('-m dscp !? --dscp 0x2e', {when: {...TCP, dscp: 46}, unless: TCP})),
  probe('full', 'dscp --dscp-class', cases('-m dscp !? --dscp-class EF', {when: {...TCP, dscp: 46}, unless: TCP})),
  probe('full', 'tos --tos', cases('-m tos !? --tos 0x10/0x3f', {when: {...TCP, dscp: 4}, unless: {...TCP, dscp: 8}})),
  probe('full', 'ecn --ecn-ip-ect', [
    ...cases('-m ecn !? --ecn-ip-ect 0', {when: TCP}),
    ...cases('-m ecn !? --ecn-ip-ect 1', {unless: TCP}),
  ]),
  forks('ecn --ecn-tcp-cwr', '-p tcp -m ecn !? --ecn-tcp-cwr'),
  forks('ecn --ecn-tcp-ece', '-p tcp -m ecn !? --ecn-tcp-ece'),
  probe('partial', 'length --length', [
    ...cases('-m length !? --length 40:65535', {when: TCP}),
    ...cases('-m length !? --length 0:39', {unless: TCP}),
    ...cases('-m length !? --length 100:200', {open: TCP}),
  ]),
  forks('tcpmss --mss', '-p tcp -m tcpmss !? --mss 1400:1500'),
]

const CONNECTION: readonly MatchProbe[] = [
  probe('full', 'connmark --mark', cases('-m connmark !? --mark 0x5/0xf', {when: KNOWN, unless: TCP})),
  probe('full', 'state --state', cases('-m state !? --state NEW,INVALID', {when: TCP, unless: KNOWN})),
  probe('full', 'conntrack --ctstate', [
    ...cases('-m conntrack !? --ctstate RELATED,ESTABLISHED', {when: KNOWN, unless: TCP}),
    ...cases('-m conntrack !? --ctstate DNAT', {when: KNOWN_NAT, unless: KNOWN}),
    ...cases('-m conntrack !? --ctstate INVALID', {when: {...TCP, tcpFlags: 'FIN'}}),
    ...cases('-m conntrack !? --ctstate UNTRACKED', {when: {...TCP, ctState: 'UNTRACKED'}, unless: TCP}),
  ]),
  probe('full', 'conntrack --ctstatus', [
    ...cases('-m conntrack !? --ctstatus ASSURED', {when: KNOWN, unless: TCP}),
    ...cases('-m conntrack !? --ctstatus SEEN_REPLY,EXPECTED', {when: KNOWN, unless: TCP}),
    ...cases('-m conntrack !? --ctstatus CONFIRMED', {when: KNOWN, unless: TCP}),
  ]),
  probe('full', 'conntrack --ctdir', cases('-m conntrack !? --ctdir REPLY', {when: KNOWN_REPLY, unless: KNOWN})),
  probe('full', 'conntrack --ctproto', cases('-m conntrack !? --ctproto 6', {when: TCP, unless: UDP})),
  probe(
    'full',
    'conntrack --ctorigsrc',
    cases('-m conntrack !? --ctorigsrc 10.0.9.9', {when: KNOWN_REPLY, unless: INWARD}),
  ),
  probe(
    'full',
    'conntrack --ctorigdst',
    cases('-m conntrack !? --ctorigdst 172.20.0.0/16', {when: KNOWN_NAT, unless: KNOWN}),
  ),
  probe(
    'full',
    'conntrack --ctreplsrc',
    cases('-m conntrack !? --ctreplsrc 10.0.0.77', {when: KNOWN_NAT, unless: KNOWN}),
  ),
  probe('full', 'conntrack --ctrepldst', cases('-m conntrack !? --ctrepldst 10.0.9.9', {when: KNOWN, unless: INWARD})),
  probe(
    'full',
    'conntrack --ctorigsrcport',
    cases('-m conntrack !? --ctorigsrcport 41000', {when: KNOWN_REPLY, unless: TCP}),
  ),
  probe(
    'full',
    'conntrack --ctorigdstport',
    cases('-m conntrack !? --ctorigdstport 80', {when: KNOWN_NAT, unless: TCP}),
  ),
  probe(
    'full',
    'conntrack --ctreplsrcport',
    cases('-m conntrack !? --ctreplsrcport 8080', {when: KNOWN_NAT, unless: TCP}),
  ),
  probe(
    'full',
    'conntrack --ctrepldstport',
    cases('-m conntrack !? --ctrepldstport 41000', {when: KNOWN, unless: TCP}),
  ),
  forks('conntrack --ctexpire', '-m conntrack !? --ctexpire 1:100'),
]

const TO_NODE: FlowWords = {...INWARD, src: '10.0.0.7', dst: '10.0.0.2'}

const NODE: readonly MatchProbe[] = [
  probe(
    'full',
    'addrtype --src-type',
    cases('-m addrtype !? --src-type LOCAL', {when: OWN, unless: TCP}),
    'mangle POSTROUTING',
  ),
  probe(
    'full',
    'addrtype --dst-type',
    [
      ...cases('-m addrtype !? --dst-type LOCAL', {when: TO_NODE, unless: TCP}),
      ...cases('-m addrtype !? --dst-type BROADCAST,MULTICAST', {
        when: {...TO_NODE, dst: '10.0.0.255'},
        unless: TO_NODE,
      }),
      ...cases('-m addrtype !? --dst-type UNICAST', {when: TCP, unless: TO_NODE}),
    ],
    'mangle PREROUTING',
  ),
  probe(
    'full',
    'addrtype --limit-iface-in',
    cases('-m addrtype !? --dst-type LOCAL --limit-iface-in', {
      when: TO_NODE,
      unless: {...TO_NODE, dst: '10.0.1.2'},
    }),
    'mangle PREROUTING',
  ),
  probe(
    'full',
    'addrtype --limit-iface-out',
    cases('-m addrtype !? --src-type LOCAL --limit-iface-out', {
      when: OWN,
      unless: {...OWN, src: '10.0.1.2'},
    }),
    'mangle POSTROUTING',
  ),
  probe('partial', 'set --match-set', [
    ...cases('-m set !? --match-set web dst', {when: TCP, unless: {...TCP, dst: '8.8.4.4'}}),
    ...cases('-m set !? --match-set not-in-the-capture dst', {open: TCP}),
  ]),
  probe(
    'full',
    'set --return-nomatch',
    cases('-m set !? --match-set holes dst --return-nomatch', {when: TCP, unless: {...TCP, dst: '8.1.1.1'}}),
  ),
  ...['--update-counters', '--update-subcounters'].flatMap(option =>
    ['', '! '].map(not =>
      probe(
        'full',
        `set ${option}`,
        cases(`-m set !? --match-set web dst ${not}${option}`, {when: TCP, unless: INWARD}),
      ),
    ),
  ),
  ...['--packets-eq 1', '--packets-lt 1', '--packets-gt 1', '--bytes-eq 1', '--bytes-lt 1', '--bytes-gt 1'].map(
    option =>
      forks(
        `set ${option.split(' ')[0] ?? ''}`,
        `-m set --match-set web dst ${option.startsWith('--update') ? '! ' : ''}${option}`,
      ),
  ),
  probe('partial', 'mac --mac-source', [
    ...cases('-m mac !? --mac-source ee:00:00:00:00:99', {when: TCP, open: INWARD}),
    ...cases('-m mac !? --mac-source ee:00:00:00:00:98', {unless: TCP}),
  ]),
  probe(
    'partial',
    'pkttype --pkt-type',
    [
      ...cases('-m pkttype !? --pkt-type unicast', {when: TCP, open: {...TO_NODE, dst: '10.0.0.255'}}),
      ...cases('-m pkttype !? --pkt-type multicast', {unless: TCP}),
    ],
    'mangle PREROUTING',
  ),
  ...['--physdev-in veth5', '--physdev-out veth5', '--physdev-is-in', '--physdev-is-out', '--physdev-is-bridged'].map(
    option =>
      probe(
        'partial',
        `physdev ${option.split(' ')[0] ?? ''}`,
        cases(`-m physdev !? ${option}`, {unless: TCP, open: {...TCP, src: '10.0.5.5', iif: 'veth5'}}),
      ),
  ),
  probe('full', 'rpfilter', cases('-m rpfilter', {when: TCP, unless: {...TCP, iif: 'eth0'}}), 'raw PREROUTING'),
  probe(
    'full',
    'rpfilter --invert',
    cases('-m rpfilter --invert', {when: {...TCP, iif: 'eth0'}, unless: TCP}),
    'raw PREROUTING',
  ),
  probe(
    'full',
    'rpfilter --loose',
    [
      ...cases('-m rpfilter --loose', {when: {...TCP, iif: 'eth0'}}),
      ...cases('-m rpfilter --loose --invert', {unless: {...TCP, iif: 'eth0'}}),
    ],
    'raw PREROUTING',
  ),
  probe(
    'full',
    'rpfilter --validmark',
    [
      ...cases('-m rpfilter --validmark', {when: {...TCP, iif: 'eth1', mark: 7}, unless: {...TCP, iif: 'eth1'}}),
      ...cases('-m rpfilter', {unless: {...TCP, iif: 'eth1', mark: 7}}),
    ],
    'raw PREROUTING',
  ),
  probe(
    'full',
    'rpfilter --accept-local',
    [
      ...cases('-m rpfilter --accept-local', {when: {...TCP, src: '10.0.0.2', iif: 'eth0'}}),
      ...cases('-m rpfilter', {unless: {...TCP, src: '10.0.0.2', iif: 'eth0'}}),
    ],
    'raw PREROUTING',
  ),
  probe('partial', 'realm --realm', [
    ...cases('-m realm !? --realm 0x0', {when: TCP}),
    ...cases('-m realm !? --realm 0x5', {open: TCP}),
    ...cases('-m realm !? --realm cosmos', {open: TCP}),
  ]),
  probe(
    'full',
    'owner --socket-exists',
    cases('-m owner !? --socket-exists', {when: OWN, unless: TCP}),
    'mangle POSTROUTING',
  ),
  ...['--uid-owner 0', '--gid-owner 0-100', '--suppl-groups'].map(option =>
    probe(
      'partial',
      `owner ${option.split(' ')[0] ?? ''}`,
      cases(`-m owner !? ${option}`, {unless: TCP, open: OWN}),
      'mangle POSTROUTING',
    ),
  ),
  ...ipvs('--ipvs', '', null),
  ...ipvs('--vaddr', '10.0.0.2/32', '10.0.0.3/32'),
  ...ipvs('--vproto', '6', '17'),
  ...ipvs('--vport', '8443', '443'),
  // direction is conntrack's, which runs only where something asks for it
  ...ipvs('--vdir', 'ORIGINAL', 'REPLY', '-m conntrack --ctstate NEW '),
  ...ipvs('--vmethod', 'MASQ', 'GATE'),
  ...ipvs('--vportctl', '8443', '443'),
  forks('cpu --cpu', '-m cpu !? --cpu 1'),
  forks('socket', '-m socket', TCP, 'mangle PREROUTING'),
  forks('socket --transparent', '-m socket --transparent', TCP, 'mangle PREROUTING'),
  forks('socket --nowildcard', '-m socket --nowildcard', TCP, 'mangle PREROUTING'),
  forks('socket --restore-skmark', '-m socket --restore-skmark', TCP, 'mangle PREROUTING'),
]

const STATE: readonly MatchProbe[] = [
  // its two branches have probabilities in place of conditions: probabilities.test.ts
  probe('full', 'statistic --mode random', [
    ...cases('-m statistic --mode random !? --probability 0.00000000000', {unless: TCP}),
    ...cases('-m statistic --mode random !? --probability 1.00000000000', {when: TCP}),
  ]),
  forks('statistic --mode nth', '-m statistic --mode nth !? --every 3 --packet 0'),
  probe('full', 'recent --set', cases('-m recent !? --set --name seen --rsource', {when: TCP})),
  forks('recent --rcheck', '-m recent !? --rcheck --seconds 60 --hitcount 3 --name seen --rsource'),
  forks('recent --update', '-m recent !? --update --seconds 60 --name seen --mask 255.255.255.255 --rdest'),
  forks('recent --remove', '-m recent !? --remove --name seen --rsource'),
  ...Object.entries({
    ah: '-p ah -m ah !? --ahspi 1:10',
    bpf: '-m bpf !? --bytecode "4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0"',
    cgroup: '-m cgroup !? --path /kubepods',
    cluster: '-m cluster --cluster-total-nodes 2 !? --cluster-local-node 1 --cluster-hash-seed 0xdeadbeef',
    connbytes: '-m connbytes !? --connbytes 1000:2000 --connbytes-mode bytes --connbytes-dir both',
    connlabel: '-m connlabel !? --label 3',
    connlimit: '-m connlimit --connlimit-above 10 --connlimit-mask 32 --connlimit-saddr',
    devgroup: '-m devgroup !? --src-group 0x1',
    dstlimit: '-m dstlimit --dstlimit 5/sec --dstlimit-mode dstip --dstlimit-name web',
    esp: '-p esp -m esp !? --espspi 1:10',
    hashlimit: '-m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name web',
    helper: '-m helper !? --helper ftp',
    ipcomp: '-p ipcomp -m ipcomp !? --ipcompspi 1:10',
    ipv4options: '-m ipv4options --flags 7',
    l2tp: '-m l2tp --tid 42',
    limit: '-m limit --limit 5/min --limit-burst 7',
    osf: '-p tcp -m osf !? --genre Linux --ttl 0',
    policy: '-m policy --dir in --pol ipsec',
    quota: '-m quota !? --quota 100000',
    quota2: '-m quota2 !? --quota 100000 --name web',
    rateest: '-m rateest --rateest web --rateest-lt --rateest-bps 100bit',
    string: '-m string !? --string "GET /" --algo bm --to 65535',
    time: '-m time --timestart 08:00:00 --timestop 18:00:00 --weekdays Mon,Tue',
    u32: '-m u32 !? --u32 "0x6&0xff=0x6"',
    unclean: '-m unclean',
  }).map(([module, text]) =>
    forks(
      module,
      text,
      text.startsWith('-p ') && !text.startsWith('-p tcp') ? {...PING, proto: text.split(' ')[1]} : TCP,
    ),
  ),
  ...Object.entries({
    dst: '-m dst --dst-len 8',
    eui64: '-m eui64',
    frag: '-m frag --fragid 1:2 --fragfirst',
    hbh: '-m hbh !? --hbh-len 8',
    ipv6header: '-m ipv6header --header hop-by-hop --soft',
    mh: '-p mobility-header -m mh !? --mh-type 1',
    rt: '-m rt !? --rt-type 0',
    srh: '-m srh --srh-next-hdr 6',
  }).map(([module, text]) => forks(module, text, module === 'mh' ? {...PING6, proto: '135'} : PING6)),
]

const UNKNOWN: readonly MatchProbe[] = [
  probe('unrecognised', '-m NAME', cases('-m frobnicate !? --level 3', {open: TCP})),
  probe('unrecognised', '--option', cases('-p tcp -m tcp !? --frobnicate 3', {open: TCP})),
]

/** Every match keyword there is, as docs/limitations.md lists them. */
export const MATCHES: readonly MatchProbe[] = [...BASE, ...HEADER, ...CONNECTION, ...NODE, ...STATE, ...UNKNOWN]
