import {OWN, PING6, type State, TCP, UDP} from '../keywords/probe.js'
import type {FlowWords} from '../../support/explainFlow.js'

export interface StatementProbe {
  /** As docs/limitations.md names it. */
  readonly keyword: string
  readonly state: State
  /** `filter forward 0`: type, hook and priority of the chain. */
  readonly place: string
  readonly rules: readonly string[]
  readonly flow: FlowWords
  /** What becomes of the packet, one line an outcome (outcomeLines.ts). */
  readonly expected: string
}

const PASSED = 'forwarded by eth0: tcp 10.0.9.9:40000 → 8.8.8.8:443'
const DROPPED = 'dropped (FILTER_RULE): tcp 10.0.9.9:40000 → 8.8.8.8:443'
const UNDETERMINED = 'undetermined (UNMODELLED_TARGET): tcp 10.0.9.9:40000 → 8.8.8.8:443'

function at(
  place: string,
  state: State,
  keyword: string,
  rules: string | readonly string[],
  expected: string,
  flow: FlowWords = TCP,
): StatementProbe {
  return {place, state, keyword, rules: typeof rules === 'string' ? [rules] : rules, expected, flow}
}

const forward = (
  state: State,
  keyword: string,
  rules: string | readonly string[],
  expected: string,
  flow: FlowWords = TCP,
): StatementProbe => at('filter forward 0', state, keyword, rules, expected, flow)

/** The packet goes on as it was, and meets what follows in the rule. */
const irrelevant = (keyword: string, statement = keyword): StatementProbe =>
  forward('irrelevant', keyword, `${statement} drop`, DROPPED)

/** Holds or not, which is a condition. */
const open = (keyword: string, statement: string): StatementProbe =>
  forward('not modelled', keyword, `${statement} drop`, `if ${DROPPED}\nunless ${PASSED}`)

const undetermined = (keyword: string, statement: string): StatementProbe =>
  forward('not modelled', keyword, statement, UNDETERMINED)

const MARKED = (mark: string): string => `${PASSED} mark ${mark}`

const VERDICTS: readonly StatementProbe[] = [
  forward('full', 'accept', ['accept', 'drop'], PASSED),
  forward('full', 'drop', ['drop', 'accept'], DROPPED),
  forward('full', 'return', ['return', 'drop'], PASSED),
  forward('full', 'continue', ['continue', 'drop'], DROPPED),
  forward('full', 'jump', ['jump sub', 'drop'], DROPPED),
  forward('full', 'goto', ['goto sub', 'drop'], PASSED),
  forward('full', 'jump { … }', ['tcp dport 443 jump {\n\t\t\tudp dport 1 accept\n\t\t\tdrop\n\t\t}'], DROPPED),
  forward('full', 'vmap', ['tcp dport vmap { 1-442 : accept, 443 : drop }'], DROPPED),
  undetermined('queue', 'queue flags bypass to 3'),
  forward('full', 'reject', 'reject', 'rejected (REJECT_RULE): tcp 10.0.9.9:40000 → 8.8.8.8:443'),
  forward('full', 'reject with', 'reject with tcp reset', 'rejected (REJECT_RULE): tcp 10.0.9.9:40000 → 8.8.8.8:443'),
]

const NAT: readonly StatementProbe[] = [
  at(
    'nat prerouting -100',
    'full',
    'dnat',
    'dnat ip to 9.9.9.9:80',
    'forwarded by eth0: tcp 10.0.9.9:40000 → 9.9.9.9:80',
  ),
  at(
    'nat prerouting -100',
    'full',
    'dnat to … map',
    'dnat ip to tcp dport map { 443 : 9.9.9.9 . 80 }',
    'forwarded by eth0: tcp 10.0.9.9:40000 → 9.9.9.9:80',
  ),
  at(
    'nat prerouting -100',
    'full',
    'dnat prefix',
    'dnat ip prefix to ip daddr map { 8.8.8.0/24 : 9.9.9.0/24 }',
    'forwarded by eth0: tcp 10.0.9.9:40000 → 9.9.9.8:443',
  ),
  at(
    'nat prerouting -100',
    'full',
    'redirect',
    'redirect to :tcp dport map { 443 : 8443 }',
    'dropped (NAT_FAILED): tcp 10.0.9.9:40000 → 8.8.8.8:443',
  ),
  at(
    'nat postrouting 100',
    'full',
    'snat',
    'snat ip to 10.0.0.2:1024',
    'forwarded by eth0: tcp 10.0.0.2:1024 → 8.8.8.8:443',
  ),
  at(
    'nat postrouting 100',
    'full',
    'snat random',
    'snat ip to 10.0.0.2 fully-random',
    'forwarded by eth0: tcp 10.0.0.2:* → 8.8.8.8:443',
  ),
  at('nat postrouting 100', 'full', 'masquerade', 'masquerade', 'forwarded by eth0: tcp 10.0.0.2:40000 → 8.8.8.8:443'),
  at('filter prerouting -300', 'full', 'notrack', ['notrack', 'ct state untracked drop'], DROPPED),
]

const CHANGES: readonly StatementProbe[] = [
  forward('full', 'meta mark set', 'meta mark set meta mark | 0x7', MARKED('0x7')),
  forward('full', 'meta mark set … map', 'meta mark set tcp dport map { 443 : 0x7 }', MARKED('0x7')),
  forward('full', 'ct mark set', ['ct mark set 0x7', 'meta mark set ct mark'], MARKED('0x7')),
  at('filter prerouting -300', 'full', 'ct zone set', ['ct zone set 7', 'ct state new drop'], DROPPED),
  forward('full', 'ip saddr set', ['ip saddr set 10.0.9.8', 'ip saddr 10.0.9.8 drop'], DROPPED.replace('9.9:', '9.8:')),
  at(
    'filter prerouting -350',
    'full',
    'ip daddr set',
    'ip daddr set 9.9.9.9',
    'forwarded by eth0: tcp 10.0.9.9:40000 → 9.9.9.9:443',
  ),
  at(
    'filter prerouting -350',
    'full',
    'tcp dport set',
    'tcp dport set 80',
    'forwarded by eth0: tcp 10.0.9.9:40000 → 8.8.8.8:80',
  ),
  at(
    'filter prerouting -350',
    'full',
    'tcp sport set',
    'tcp sport set 1',
    'forwarded by eth0: tcp 10.0.9.9:1 → 8.8.8.8:443',
  ),
  forward('full', 'ip dscp set', ['ip dscp set cs2', 'ip dscp cs2 drop'], DROPPED),
  forward('full', 'ip ecn set', ['ip ecn set ce', 'ip ecn ce drop'], DROPPED),
  forward('full', 'ip ttl set', ['ip ttl set 7', 'ip ttl 7 drop'], DROPPED),
  undetermined('ip id set', 'ip id set 7'),
  irrelevant('ip checksum set', 'ip checksum set 7'),
  irrelevant('tcp option … set', 'tcp option maxseg size set rt mtu'),
  irrelevant('reset tcp option', 'reset tcp option maxseg'),
  forward('partial', 'meta pkttype set', ['meta pkttype set host', 'meta pkttype set other'], UNDETERMINED),
  irrelevant('meta priority set', 'meta priority set 1:2'),
  irrelevant('meta nftrace set', 'meta nftrace set 1'),
  irrelevant('meta secmark set', 'meta secmark set "x"'),
  irrelevant('ct event set', 'ct event set new,destroy'),
  irrelevant('ct label set', 'ct label set x'),
  irrelevant('ct secmark set', 'ct secmark set meta secmark'),
  irrelevant('ct helper set', 'ct helper set "x"'),
  irrelevant('ct timeout set', 'ct timeout set "x"'),
  open('ct expectation set', 'ct expectation set "x"'),
  forward('partial', 'add @set', ['add @seen { ip saddr }', 'ip saddr @seen drop'], DROPPED),
  forward('partial', 'update @set', ['update @seen { ip saddr timeout 1m }', 'ip saddr @seen drop'], DROPPED),
  forward('partial', 'delete @set', ['delete @seen { ip saddr }', 'ip saddr @seen drop'], PASSED),
]

const OTHERS: readonly StatementProbe[] = [
  irrelevant('counter', 'counter packets 1 bytes 2'),
  irrelevant('counter name', 'counter name tcp dport map { 443 : "x" }'),
  irrelevant('log', 'log prefix "accept; { " level debug flags tcp sequence,options'),
  irrelevant('last', 'last used never'),
  forward('irrelevant', 'comment', 'drop comment "accept # handle 7"', DROPPED),
  irrelevant('dup', 'dup to 10.0.0.7 device "eth1"'),
  forward('partial', 'flow add', 'flow add @f drop', PASSED),
  open('limit', 'limit rate over 10/second burst 5 packets'),
  open('limit name', 'limit name "x"'),
  open('quota', 'quota over 10 mbytes used 3 bytes'),
  open('ct count', 'ct count over 10'),
  open('meter', 'meter m size 1024 { ip saddr limit rate 10/second }'),
  open('xt match', 'xt match "recent"'),
  undetermined('xt target', 'xt target "CHECKSUM"'),
  at(
    'filter prerouting -150',
    'partial',
    'tproxy',
    'tproxy ip to 127.0.0.1:3128 meta mark set 0x7',
    `if unroutable (EARLY_DEMUX): tcp 10.0.9.9:40000 → 8.8.8.8:443 mark 0x7\nunless ${PASSED}`,
  ),
  forward('partial', 'synproxy', 'synproxy mss 1460 wscale 7', UNDETERMINED),
  at('filter ingress 0', 'partial', 'fwd', ['fwd to "eth1"', 'drop'], PASSED.replace('eth0', 'eth1')),
  forward('unrecognised', 'NAME', 'frobnicate 7', `if ${UNDETERMINED}\nunless ${PASSED}`),
  at('filter output 0', 'full', 'policy', [], 'dropped (CHAIN_POLICY): tcp 10.0.0.2:40000 → 8.8.8.8:443', OWN),
  forward('full', 'dormant', 'drop', 'forwarded by eth0: udp 10.0.9.9:40000 → 8.8.8.8:53', UDP),
  forward(
    'full',
    'reject with icmpx',
    'reject with icmpx admin-prohibited',
    'rejected (REJECT_RULE): ipv6-icmp 2001:db8:9::9 → 2001:db8:ffff::8',
    PING6,
  ),
]

export const STATEMENTS: readonly StatementProbe[] = [...VERDICTS, ...NAT, ...CHANGES, ...OTHERS]
