import type {FlowWords} from '../../support/explainFlow.js'
import type {RuleLines} from '../../support/tinyNode.js'
import {INWARD, KNOWN, OWN, PING6, type State, TCP, UDP} from './probe.js'

export interface TargetProbe {
  /** As docs/limitations.md names it: target and option. */
  readonly keyword: string
  readonly state: State
  readonly rules: RuleLines
  readonly flow: FlowWords
  /** What becomes of the packet, one line an outcome (outcomeLines.ts). */
  readonly expected: string
}

function probe(state: State, keyword: string, rules: RuleLines, flow: FlowWords, expected: string): TargetProbe {
  return {state, keyword, rules, flow, expected}
}

const PASSED = 'forwarded by eth0: tcp 10.0.9.9:40000 → 8.8.8.8:443'
const PASSED_UDP = 'forwarded by eth0: udp 10.0.9.9:40000 → 8.8.8.8:53'
const DROPPED = 'dropped (FILTER_RULE): tcp 10.0.9.9:40000 → 8.8.8.8:443'

/** A rule in FORWARD, a DROP behind it. */
const forward = (rule: string): RuleLines => ({filter: `-A FORWARD ${rule}\n-A FORWARD -j DROP`})

const VERDICTS: readonly TargetProbe[] = [
  probe('full', 'ACCEPT', forward('-j ACCEPT'), TCP, PASSED),
  probe('full', 'DROP', {filter: '-A FORWARD -j DROP\n-A FORWARD -j ACCEPT'}, TCP, DROPPED),
  probe(
    'full',
    'RETURN',
    {filter: '-A FORWARD -j C\n-A FORWARD -j DROP\n-A C -j RETURN\n-A C -j ACCEPT'},
    TCP,
    DROPPED,
  ),
  probe('full', '-j CHAIN', {filter: '-A FORWARD -j C\n-A FORWARD -j DROP\n-A C -p tcp -j ACCEPT'}, TCP, PASSED),
  probe(
    'full',
    '-g CHAIN',
    {filter: '-A FORWARD -j C\n-A FORWARD -j DROP\n-A C -g D\n-A C -j ACCEPT\n-A D -p udp -j ACCEPT'},
    TCP,
    DROPPED,
  ),
  probe('full', 'no target', forward('-p tcp'), TCP, DROPPED),
  probe(
    'full',
    'REJECT --reject-with',
    forward('-j REJECT --reject-with icmp-host-prohibited'),
    TCP,
    'rejected (REJECT_RULE): tcp 10.0.9.9:40000 → 8.8.8.8:443',
  ),
]

const NAT: readonly TargetProbe[] = [
  probe(
    'full',
    'DNAT --to-destination',
    {nat: '-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.7:8080'},
    TCP,
    'forwarded by eth0: tcp 10.0.9.9:40000 → 10.0.0.7:8080',
  ),
  probe(
    'full',
    'DNAT --random',
    {nat: '-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.7:80-81 --random'},
    TCP,
    '50 % forwarded by eth0: tcp 10.0.9.9:40000 → 10.0.0.7:80\n50 % forwarded by eth0: tcp 10.0.9.9:40000 → 10.0.0.7:81',
  ),
  probe(
    'full',
    'DNAT --persistent',
    {nat: '-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.7-10.0.0.7 --persistent'},
    TCP,
    'forwarded by eth0: tcp 10.0.9.9:40000 → 10.0.0.7:443',
  ),
  probe(
    'full',
    'SNAT --to-source',
    {nat: '-A POSTROUTING -p tcp -j SNAT --to-source 10.0.0.2'},
    TCP,
    'forwarded by eth0: tcp 10.0.0.2:40000 → 8.8.8.8:443',
  ),
  probe(
    'full',
    'SNAT --random',
    {nat: '-A POSTROUTING -p tcp -j SNAT --to-source 10.0.0.2 --random'},
    TCP,
    'forwarded by eth0: tcp 10.0.0.2:* → 8.8.8.8:443',
  ),
  probe(
    'full',
    'SNAT --random-fully',
    {nat: '-A POSTROUTING -p tcp -j SNAT --to-source 10.0.0.2 --random-fully'},
    TCP,
    'forwarded by eth0: tcp 10.0.0.2:* → 8.8.8.8:443',
  ),
  probe(
    'full',
    'SNAT --persistent',
    {nat: '-A POSTROUTING -p tcp -j SNAT --to-source 10.0.0.2 --persistent'},
    TCP,
    'forwarded by eth0: tcp 10.0.0.2:40000 → 8.8.8.8:443',
  ),
  probe(
    'full',
    'MASQUERADE',
    {nat: '-A POSTROUTING -j MASQUERADE'},
    TCP,
    'forwarded by eth0: tcp 10.0.0.2:40000 → 8.8.8.8:443',
  ),
  probe(
    'full',
    'MASQUERADE --to-ports',
    {nat: '-A POSTROUTING -p tcp -j MASQUERADE --to-ports 1024-1025'},
    TCP,
    'forwarded by eth0: tcp 10.0.0.2:* → 8.8.8.8:443',
  ),
  probe(
    'full',
    'MASQUERADE --random',
    {nat: '-A POSTROUTING -p tcp -j MASQUERADE --random'},
    TCP,
    'forwarded by eth0: tcp 10.0.0.2:* → 8.8.8.8:443',
  ),
  probe(
    'full',
    'MASQUERADE --random-fully',
    {nat: '-A POSTROUTING -p tcp -j MASQUERADE --random-fully'},
    TCP,
    'forwarded by eth0: tcp 10.0.0.2:* → 8.8.8.8:443',
  ),
  probe('full', 'REDIRECT', {nat: '-A PREROUTING -j REDIRECT'}, INWARD, 'delivered: tcp 9.9.9.9:40000 → 10.0.0.2:80'),
  probe(
    'full',
    'REDIRECT --to-ports',
    {nat: '-A PREROUTING -p tcp -j REDIRECT --to-ports 8080'},
    INWARD,
    'delivered: tcp 9.9.9.9:40000 → 10.0.0.2:8080',
  ),
  probe(
    'full',
    'REDIRECT --random',
    {nat: '-A PREROUTING -p tcp -j REDIRECT --to-ports 8080 --random'},
    INWARD,
    'delivered: tcp 9.9.9.9:40000 → 10.0.0.2:8080',
  ),
  probe(
    'full',
    'NETMAP --to',
    {nat: '-A PREROUTING -d 8.8.8.0/24 -j NETMAP --to 10.0.0.0/24'},
    TCP,
    'forwarded by eth0: tcp 10.0.9.9:40000 → 10.0.0.8:443',
  ),
]

const mangle = (rule: string): RuleLines => ({mangle: `-A PREROUTING ${rule}`})
const marked = (mark: string): string => `${PASSED} mark ${mark}`
const FROM: FlowWords = {...TCP, mark: 0xf0}
/** Drops what has not the field asked for. */
const expecting = (rule: string, match: string): RuleLines => ({
  mangle: `-A PREROUTING ${rule}\n-A PREROUTING ${match} -j ACCEPT\n-A PREROUTING -j DROP`,
})

const MARKS: readonly TargetProbe[] = [
  probe('full', 'MARK --set-mark', mangle('-j MARK --set-mark 0x1/0xf'), FROM, marked('0xf1')),
  probe('full', 'MARK --set-xmark', mangle('-j MARK --set-xmark 0x11/0xf'), FROM, marked('0xe1')),
  probe('full', 'MARK --and-mark', mangle('-j MARK --and-mark 0x30'), FROM, marked('0x30')),
  probe('full', 'MARK --or-mark', mangle('-j MARK --or-mark 0x3'), FROM, marked('0xf3')),
  probe('full', 'MARK --xor-mark', mangle('-j MARK --xor-mark 0x33'), FROM, marked('0xc3')),
  ...(
    [
      ['--set-mark 0x1/0xf', '0x1'],
      ['--set-xmark 0x11/0xf', '0x11'],
      ['--and-mark 0x30', '0x0'],
      ['--or-mark 0x3', '0x3'],
      ['--xor-mark 0x33', '0x33'],
      ['--save-mark --nfmask 0x30 --ctmask 0x70', '0x30'],
    ] as const
  ).map(([option, mark]) =>
    probe(
      'full',
      `CONNMARK ${option.split(' ')[0] ?? ''}`,
      expecting(`-j CONNMARK ${option}`, `-m connmark --mark ${mark}`),
      FROM,
      marked('0xf0'),
    ),
  ),
  probe(
    'full',
    'CONNMARK --restore-mark',
    {
      mangle:
        '-A PREROUTING -j CONNMARK --set-mark 0xf\n-A PREROUTING -j CONNMARK --restore-mark --nfmask 0x3 --ctmask 0x1',
    },
    FROM,
    marked('0xf1'),
  ),
  probe(
    'full',
    'NOTRACK',
    {raw: '-A PREROUTING -j NOTRACK', filter: '-A FORWARD -m state --state UNTRACKED -j DROP'},
    TCP,
    DROPPED,
  ),
  probe(
    'full',
    'CT --notrack',
    {raw: '-A PREROUTING -j CT --notrack', filter: '-A FORWARD -m state --state UNTRACKED -j DROP'},
    TCP,
    DROPPED,
  ),
  // the known connection is one of zone 0
  ...(
    [
      ['CT --zone', '7', false],
      ['CT --zone mark', '', true],
      ['CT --zone-orig', '7', false],
      ['CT --zone-reply', '7', true],
    ] as const
  ).map(([keyword, zone, finds]) =>
    probe(
      'full',
      keyword,
      {
        raw: `-A PREROUTING -j ${keyword} ${zone}`,
        filter: `-A FORWARD -m state ! --state ${finds ? 'ESTABLISHED' : 'NEW'} -j DROP`,
      },
      KNOWN,
      PASSED.replace('40000', '41000'),
    ),
  ),
  probe('irrelevant', 'CT --helper', {raw: '-A PREROUTING -p tcp -j CT --helper ftp'}, TCP, PASSED),
  probe('irrelevant', 'CT --ctevents', {raw: '-A PREROUTING -j CT --ctevents new,destroy'}, TCP, PASSED),
  probe('irrelevant', 'CT --timeout', {raw: '-A PREROUTING -j CT --timeout slow'}, TCP, PASSED),
  probe(
    'partial',
    'TPROXY',
    {
      mangle: '-A PREROUTING -p tcp -j TPROXY --on-port 15001 --on-ip 127.0.0.1 --tproxy-mark 0x1/0x1',
      filter: '-A FORWARD -j ACCEPT',
    },
    TCP,
    `if unroutable (EARLY_DEMUX): tcp 10.0.9.9:40000 → 8.8.8.8:443 mark 0x1\nunless ${DROPPED}`,
  ),
  probe('full', 'DSCP --set-dscp', expecting('-j DSCP --set-dscp 0x2e', '-m dscp --dscp 0x2e'), TCP, PASSED),
  probe('full', 'DSCP --set-dscp-class', expecting('-j DSCP --set-dscp-class CS1', '-m dscp --dscp 0x08'), TCP, PASSED),
  probe(
    'full',
    'TOS --set-tos',
    expecting('-j TOS --set-tos 0x10/0x3f', '-m tos --tos 0x90'),
    {...TCP, dscp: 0x24},
    PASSED,
  ),
  probe('full', 'TOS --and-tos', expecting('-j TOS --and-tos 0x80', '-m tos --tos 0x80'), {...TCP, dscp: 0x24}, PASSED),
  probe('full', 'TOS --or-tos', expecting('-j TOS --or-tos 0x04', '-m tos --tos 0x94'), {...TCP, dscp: 0x24}, PASSED),
  probe('full', 'TOS --xor-tos', expecting('-j TOS --xor-tos 0x14', '-m tos --tos 0x84'), {...TCP, dscp: 0x24}, PASSED),
  probe('full', 'TTL --ttl-set', expecting('-j TTL --ttl-set 9', '-m ttl --ttl-eq 9'), TCP, PASSED),
  probe('full', 'TTL --ttl-inc', expecting('-j TTL --ttl-inc 9', '-m ttl --ttl-eq 73'), TCP, PASSED),
  probe(
    'full',
    'TTL --ttl-dec',
    mangle('-j TTL --ttl-dec 63'),
    TCP,
    'unroutable (TTL_EXCEEDED): tcp 10.0.9.9:40000 → 8.8.8.8:443',
  ),
  ...['--hl-set 1', '--hl-dec 63'].map(option =>
    probe(
      'full',
      `HL ${option.split(' ')[0] ?? ''}`,
      mangle(`-j HL ${option}`),
      PING6,
      'unroutable (TTL_EXCEEDED): ipv6-icmp 2001:db8:9::9 → 2001:db8:ffff::8',
    ),
  ),
  probe(
    'full',
    'HL --hl-inc',
    mangle('-j HL --hl-inc 5'),
    {...PING6, ttl: 1},
    'forwarded by eth0: ipv6-icmp 2001:db8:9::9 → 2001:db8:ffff::8',
  ),
  probe(
    'partial',
    'SET --add-set',
    {raw: '-A PREROUTING -i veth0 -j SET --add-set web src\n-A PREROUTING -i veth0 -m set --match-set web src -j DROP'},
    TCP,
    `if ${DROPPED}\nunless ${PASSED}`,
  ),
  probe(
    'partial',
    'SET --del-set',
    {raw: '-A PREROUTING -i veth0 -j SET --del-set web dst\n-A PREROUTING -i veth0 -m set --match-set web dst -j DROP'},
    TCP,
    `if ${DROPPED}\nunless ${PASSED}`,
  ),
]

const PASSING = {
  AUDIT: '-j AUDIT --type accept',
  CHECKSUM: '-p udp -j CHECKSUM --checksum-fill',
  CLASSIFY: '-j CLASSIFY --set-class 0001:0002',
  CONNSECMARK: '-j CONNSECMARK --save',
  ECN: '-p tcp -j ECN --ecn-tcp-remove',
  IDLETIMER: '-j IDLETIMER --timeout 5 --label idle',
  LED: '-j LED --led-trigger-id web',
  LOG: '-j LOG --log-prefix "-j ACCEPT"',
  NFLOG: '-j NFLOG --nflog-group 5',
  RATEEST: '-j RATEEST --rateest-name web --rateest-interval 250ms --rateest-ewmalog 500ms',
  SECMARK: '-j SECMARK --selctx system_u:object_r:x',
  TCPMSS: '-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu',
  TCPOPTSTRIP: '-p tcp -j TCPOPTSTRIP --strip-options timestamp',
  TEE: '-j TEE --gateway 10.0.0.9',
  TRACE: '-j TRACE',
  ULOG: '-j ULOG --ulog-nlgroup 1',
}

const ENDING = {
  CLUSTERIP: '-j CLUSTERIP --new --hashmode sourceip --clustermac 01:00:5e:00:00:01 --total-nodes 2 --local-node 1',
  HMARK: '-j HMARK --hmark-tuple src,dst --hmark-mod 10 --hmark-rnd 0x1',
  MIRROR: '-j MIRROR',
  NFQUEUE: '-j NFQUEUE --queue-num 1 --queue-bypass',
  QUEUE: '-j QUEUE',
  RAWDNAT: '-j RAWDNAT --to-destination 1.2.3.4/32',
  RAWSNAT: '-j RAWSNAT --to-source 1.2.3.4/32',
  SAME: '-j SAME --to 10.0.0.2-10.0.0.3',
  'SET --map-set': '-j SET --map-set web src --map-mark',
  SYNPROXY: '-p tcp -j SYNPROXY --sack-perm --timestamp --wscale 7 --mss 1460',
}

const UNDETERMINED = 'undetermined (UNMODELLED_TARGET): tcp 10.0.9.9:40000 → 8.8.8.8:443'
const UNDETERMINED6 = 'undetermined (UNMODELLED_TARGET): ipv6-icmp 2001:db8:9::9 → 2001:db8:ffff::8'

const OTHERS: readonly TargetProbe[] = [
  ...Object.entries(PASSING).map(([keyword, rule]) =>
    rule.includes('-p udp')
      ? probe('irrelevant', keyword, {filter: `-A FORWARD ${rule}`}, UDP, PASSED_UDP)
      : probe('irrelevant', keyword, forward(rule), TCP, DROPPED),
  ),
  ...Object.entries(ENDING).map(([keyword, rule]) => probe('not modelled', keyword, forward(rule), TCP, UNDETERMINED)),
  ...['DNPT', 'SNPT'].map(keyword =>
    probe(
      'not modelled',
      keyword,
      {mangle: `-A PREROUTING -j ${keyword} --src-pfx 2001:db8::/64 --dst-pfx fd00::/64`},
      PING6,
      UNDETERMINED6,
    ),
  ),
  probe('unrecognised', '-j NAME', forward('-j FROBNICATE --level 3'), TCP, UNDETERMINED),
  probe(
    'unrecognised',
    '-j NAME --option',
    forward('-j MARK --frobnicate 3'),
    TCP,
    `if ${UNDETERMINED}\nunless ${DROPPED}`,
  ),
  probe('full', 'policy', {filter: ':FORWARD DROP'}, TCP, DROPPED.replace('FILTER_RULE', 'CHAIN_POLICY')),
]

/** Every target keyword there is, as docs/limitations.md lists them. */
export const TARGETS: readonly TargetProbe[] = [...VERDICTS, ...NAT, ...MARKS, ...OTHERS]

/** Own packets go by the same rules: a few, for the sake of OUTPUT. */
export const OUTPUT_TARGETS: readonly TargetProbe[] = [
  probe(
    'full',
    'DNAT --to-destination',
    {nat: '-A OUTPUT -p tcp -j DNAT --to-destination 10.0.9.9:80'},
    OWN,
    'forwarded by veth0: tcp 10.0.0.2:40000 → 10.0.9.9:80',
  ),
  probe(
    'full',
    'REDIRECT',
    {nat: '-A OUTPUT -p tcp -j REDIRECT --to-ports 15001'},
    OWN,
    'delivered: tcp 10.0.0.2:40000 → 127.0.0.1:15001',
  ),
  probe(
    'full',
    'NETMAP --to',
    {nat: '-A OUTPUT -d 8.8.8.0/24 -j NETMAP --to 10.0.9.0/24'},
    {...OWN, dst: '8.8.8.9'},
    'forwarded by veth0: tcp 10.0.0.2:40000 → 10.0.9.9:443',
  ),
]
