import type {Context} from '../context.js'
import {hex} from '../context.js'
import {type Aim, type Aimed, isAtDevice, type NftPlace, onlyIn, plain} from './nftPlace.js'
import {SETS} from './nftSets.js'

/** The comparisons of one rule, and the protocol that it is sure to be about; null: any. */
export interface NftMatches {
  readonly parts: readonly Aimed[]
  readonly protocol: string | null
}

export function nftMatches(context: Context, place: NftPlace): NftMatches {
  const {dice} = context
  const parts: Aimed[] = []
  const aim = (): Aim => Object.assign({}, ...parts.map(part => part.aim)) as Aim
  if (dice.chance(0.55)) parts.push(addressMatch(context))
  if (dice.chance(0.15)) parts.push(addressMatch(context))
  let protocol: string | null = null
  if (dice.chance(0.55)) {
    const found = protocolMatch(context)
    parts.push(found.part)
    ;({protocol} = found)
  }
  const extras = dice.pick([0, 0, 0, 1, 1, 2])
  for (let i = 0; i < extras; i++) parts.push(dice.pick(extraMatches(context, place, protocol ?? aim().proto ?? null)))
  return {parts, protocol}
}

function ipOf({world}: Context): 'ip' | 'ip6' {
  return world.family === 4 ? 'ip' : 'ip6'
}

/** `!= ` now and then. */
function not({dice}: Context): string {
  return dice.chance(0.15) ? '!= ' : ''
}

function addressMatch(context: Context): Aimed {
  const {dice, world} = context
  const side = dice.pick(['saddr', 'daddr'] as const)
  const address = context.address()
  const prefix = context.prefix()
  const others = [context.address(), context.prefix()].join(', ')
  const what = dice.weighted([
    [6, address],
    [4, prefix],
    [1, dice.pick(world.ranges)],
    [2, `{ ${address}, ${dice.pick(world.remote)} }`],
    [1, `{ ${others} }`],
    [3, `@${dice.pick(SETS.addresses)}`],
  ])
  const exact = what === address || what.startsWith(`{ ${address}`)
  const negation = not(context)
  const aim: Aim = exact && negation === '' ? {[side === 'saddr' ? 'src' : 'dst']: address} : {}
  return {text: `${ipOf(context)} ${side} ${negation}${what}`, aim}
}

function protocolMatch(context: Context): {part: Aimed; protocol: string | null} {
  const {dice, world} = context
  const proto = dice.pick(['tcp', 'tcp', 'udp', 'udp', world.icmp, 'sctp'])
  if (proto === world.icmp) return {part: icmpMatch(context), protocol: null}
  const side = dice.pick(['dport', 'dport', 'sport'] as const)
  const port = context.port()
  const other = context.portRange('-')
  const what = dice.weighted([
    [6, String(port)],
    [2, other],
    [2, `{ ${[...new Set([String(port), '9', '1000-2000'])].join(', ')} }`],
    [1, `>= ${port}`],
    [1, `< ${Math.max(2, port)}`],
    [2, `@${dice.pick(SETS.ports)}`],
  ])
  const negation = /^[<>]/.test(what) ? '' : not(context)
  const aim: Aim = {proto, ...(negation === '' && !what.startsWith('<') ? {[side]: port} : {})}
  return dice.weighted([
    [10, {part: {text: `${proto} ${side} ${negation}${what}`, aim}, protocol: proto}],
    [3, {part: {text: `meta l4proto ${proto}`, aim: {proto}}, protocol: proto}],
    [2, {part: {text: `meta l4proto { tcp, udp } th ${side} ${negation}${what}`, aim}, protocol: null}],
    [1, {part: {text: `meta l4proto != ${proto}`, aim: {}}, protocol: null}],
    [
      1,
      {
        part: {text: world.family === 4 ? `ip protocol ${proto}` : `ip6 nexthdr ${proto}`, aim: {proto}},
        protocol: proto,
      },
    ],
    [1, {part: {text: `meta l4proto . th ${side} { tcp . ${port}, udp . ${port} }`, aim}, protocol: null}],
  ])
}

function icmpMatch(context: Context): Aimed {
  const {dice, world} = context
  const {icmp} = world
  const aim: Aim = {proto: icmp}
  return dice.pick<Aimed>([
    {text: `${icmp} type echo-request`, aim},
    {text: `${icmp} type { echo-request, echo-reply }`, aim},
    {text: `${icmp} type ${not(context)}destination-unreachable`, aim},
    {text: `${icmp} code 0`, aim},
    {text: `${icmp} type . ${icmp} code { echo-request . 0, echo-reply . 0 }`, aim},
    {text: `meta l4proto ${icmp === 'icmp' ? 'icmp' : 'ipv6-icmp'}`, aim},
  ])
}

function extraMatches(context: Context, place: NftPlace, protocol: string | null): Aimed[] {
  const common = [
    ...markMatches(context, place),
    ...lookUps(context),
    ...headerMatches(context, protocol),
    ...bitMatches(context),
  ]
  return isAtDevice(place)
    ? [...common, plain(`meta length ${context.dice.pick(['20-1500', '>= 101', '< 40'])}`)]
    : [
        ...common,
        ...deviceMatches(context, place),
        ...connectionMatches(context),
        ...fibMatches(context, place),
        ...otherMatches(context, place),
      ]
}

/** Comparisons under a mask, of other fields than marks. */
function bitMatches(context: Context): Aimed[] {
  const {dice, world} = context
  const side = dice.pick(['saddr', 'daddr'])
  const ports: Aimed[] = [
    plain(`tcp dport & 0x1 == ${dice.pick([0, 1])}`),
    plain(`udp sport & 0xff00 ${dice.pick(['==', '!='])} 0x9c00`),
  ]
  return world.family === 4
    ? [
        ...ports,
        plain(`ip ${side} & 255.255.128.0 == ${dice.pick(['10.20.0.0', '10.1.0.0', '10.20.128.0'])}`),
        plain(`ip ${side} & 0.0.0.1 ${not(context)}0.0.0.${dice.pick([0, 1])}`),
        plain(`ip ${side} & 255.255.255.0 == { 10.20.40.0, 10.1.2.0 }`),
      ]
    : [
        ...ports,
        plain(`ip6 ${side} & ffff:ffff:ffff:ffff:: == 2001:db8:20::`),
        plain(`ip6 ${side} & ::1 ${not(context)}::${dice.pick([0, 1])}`),
      ]
}

function markMatches(context: Context, place: NftPlace): Aimed[] {
  const {value, mask} = context.mark()
  const masked = (value & mask) >>> 0
  const ofPacket = [
    {text: `meta mark ${hex(value)}`, aim: {mark: value}},
    {text: `meta mark & ${hex(mask)} == ${hex(masked)}`, aim: {mark: value}},
    {text: `meta mark & ${hex(mask)} != ${hex(masked)}`, aim: {}},
    {text: `meta mark ${not(context)}@s-mark`, aim: {}},
    {text: `meta mark ${hex(Math.min(value, 0x1000))}-0x2000`, aim: {}},
    {text: `meta mark & 0xff ${not(context)}{ 0x0, 0x1, 0x80 }`, aim: {}},
  ]
  if (isAtDevice(place)) return ofPacket
  return [
    ...ofPacket,
    {text: `ct mark & ${hex(mask)} == ${hex(masked)}`, aim: {}},
    {text: `ct mark ${not(context)}${hex(value)}`, aim: {}},
  ]
}

function deviceMatches(context: Context, place: NftPlace): Aimed[] {
  const {dice} = context
  const name = `"${dice.pick([...context.devices, 'eni*', 'eth*', 'lo', 'gone0'])}"`
  const real = `"${dice.pick([...context.devices, 'lo'])}"`
  const set = `{ "${dice.pick(context.devices)}", "eni*" }`
  const inward: Aimed[] = [
    plain(`iifname ${not(context)}${name}`),
    plain(`iif ${not(context)}${real}`),
    plain(`iifname ${not(context)}${set}`),
    plain(`iifname ${not(context)}@s-dev`),
  ]
  const outward: Aimed[] = [
    plain(`oifname ${not(context)}${name}`),
    plain(`oif ${not(context)}${real}`),
    plain(`oifname ${not(context)}@s-dev`),
  ]
  // nft lets both be asked anywhere
  return [...inward, ...outward, ...(onlyIn(place, 'forward') ? [plain(`iifname . oifname { "eth0" . ${real} }`)] : [])]
}

function connectionMatches(context: Context): Aimed[] {
  const {dice} = context
  const ip = ipOf(context)
  const states = ['new', 'established', 'related', 'invalid', 'untracked']
  const some = dice.some(states, dice.between(1, 3))
  return [
    plain(`ct state ${some.join(',')}`),
    plain(`ct state ${not(context)}${dice.pick(states)}`),
    plain(`ct state { ${some.join(', ')} }`),
    plain(`ct status ${dice.pick(['dnat', 'snat', 'confirmed', 'seen-reply', 'assured', 'expected'])}`),
    plain('ct status != dnat'),
    plain(`ct direction ${dice.pick(['original', 'reply'])}`),
    plain(`ct original ${ip} ${dice.pick(['saddr', 'daddr'])} ${context.prefix()}`),
    plain(`ct reply ${ip} ${dice.pick(['saddr', 'daddr'])} ${context.address()}`),
    plain(`meta l4proto { tcp, udp } ct original proto-dst ${context.port()}`),
    plain('ct zone 0'),
    plain(`ct protocol ${dice.pick(['tcp', 'udp'])}`),
    // no capture tells these, and each makes a branch
    plain(
      dice.pick([
        'ct packets >= 1001',
        'ct bytes < 1000',
        'ct original avgpkt > 100',
        'ct expiration < 1000s',
        'ct label 3',
        'ct helper "ftp"',
        'ct id 7',
        `ct count ${dice.pick(['', 'over '])}100000`,
      ]),
    ),
    plain(`ct mark & 0xf0 ${not(context)}{ 0x0, 0x80 }`),
    plain(`ct state . ct direction { new . original, established . reply }`),
  ]
}

function fibMatches({dice, world}: Context, place: NftPlace): Aimed[] {
  const type = dice.pick(['local', 'unicast', 'multicast', 'broadcast', 'blackhole', 'unreachable', 'prohibit'])
  const matches = [
    plain(`fib ${dice.pick(['saddr', 'daddr'])} type ${type}`),
    plain('fib daddr type local'),
    plain(`fib daddr type != ${dice.pick(['local', 'unicast'])}`),
    plain('fib daddr type { local, broadcast, multicast }'),
  ]
  if (onlyIn(place, 'prerouting', 'input', 'forward')) {
    matches.push(
      plain('fib daddr . iif type local'),
      plain('fib saddr . iif oif missing'),
      plain('fib saddr . mark . iif oif exists'),
    )
  }
  if (onlyIn(place, 'forward', 'output', 'postrouting')) matches.push(plain('fib daddr . oif type local'))
  if (onlyIn(place, 'prerouting')) {
    matches.push(
      plain(`fib saddr oifname "${dice.pick(world.links).name}"`),
      plain('fib daddr oif exists'),
      plain('fib daddr . mark oifname "eth*"'),
      plain('fib saddr . mark oif "eth0"'),
    )
  }
  return matches
}

function lookUps(context: Context): Aimed[] {
  const {dice} = context
  const ip = ipOf(context)
  const side = dice.pick(['saddr', 'daddr'])
  const two = dice.pick(['tcp', 'udp'])
  return [
    {text: `${ip} ${side} . ${two} dport ${not(context)}@s-pair`, aim: {proto: two}},
    {text: `${ip} ${side} . ${two} dport @s-netpair`, aim: {proto: two}},
    plain(`${ip} daddr . meta l4proto . th dport ${not(context)}@s-triple`),
    plain(
      `${ip} saddr . ${ip} daddr { ${context.address()} . ${context.address()}, ${context.prefix()} . ${context.prefix()} }`,
    ),
    plain(`numgen random mod 4 ${dice.pick(['0', '< 2', '{ 1, 3 }'])}`),
    plain('numgen inc mod 3 0'),
    plain(`numgen random mod 100 offset 1000 ${dice.pick(['< 1030', '1000-1049', '!= 1007'])}`),
    plain('meta random & 3 == 1'),
    plain(`jhash ${ip} saddr . ${ip} daddr mod 2 seed 0x7 0`),
    plain(`jhash ${ip} saddr mod 3 0`),
    plain('symhash mod 2 0'),
  ]
}

/** Of `<` and `>` in one rule nft 1.0.6 makes one range in its listing, also where they are about two fields: only one of them is used here. */
function headerMatches(context: Context, protocol: string | null): Aimed[] {
  const {dice, world} = context
  const flags = dice.pick(['syn', 'syn | ack', 'fin', 'rst', 'ack'])
  const four = world.family === 4
  const tcp: Aimed[] = [
    {text: `tcp flags ${dice.pick(['syn', 'ack', 'fin,rst'])}`, aim: {proto: 'tcp'}},
    {text: 'tcp flags & (fin | syn | rst | ack) == syn', aim: {proto: 'tcp'}},
    {text: `tcp flags ${dice.pick(['== ', '!= '])}${flags}`, aim: {proto: 'tcp'}},
    {text: 'tcp flags & (syn | fin) == (syn | fin)', aim: {proto: 'tcp', tcpFlags: 'SYN,FIN'}},
    {text: 'tcp flags ! syn', aim: {proto: 'tcp'}},
    {text: 'tcp option maxseg size 1460', aim: {proto: 'tcp'}},
    {text: 'tcp window >= 1', aim: {proto: 'tcp'}},
  ]
  const dscp = dice.pick([0x2e, 0x0a, 0])
  return [
    ...(protocol === null || protocol === 'tcp' ? tcp : []),
    {text: `${four ? 'ip' : 'ip6'} dscp ${not(context)}${hex(dscp)}`, aim: {dscp}},
    plain(`${four ? 'ip ttl' : 'ip6 hoplimit'} ${dice.pick(['63', '64', '< 64', '>= 64', '{ 1, 64 }'])}`),
    plain(four ? 'ip version 4' : 'ip6 version 6'),
    plain(`${four ? 'ip ecn' : 'ip6 ecn'} not-ect`),
    ...(four ? [plain('ip frag-off & 0x1fff == 0'), plain('ip hdrlength 5'), plain('ip length 20-1500')] : []),
    ...(four ? [] : [plain(`exthdr frag ${dice.pick(['exists', 'missing'])}`), plain('ip6 length >= 9')]),
  ]
}

function otherMatches(context: Context, place: NftPlace): Aimed[] {
  const {dice, world} = context
  const family = world.family === 4 ? 'ipv4' : 'ipv6'
  return [
    ...(place.family === 'inet' ? [plain(`meta nfproto ${dice.pick([family, family, 'ipv4', 'ipv6'])}`)] : []),
    // nft 1.0.6 leaves a protocol out of its listing where a field of another one follows: `meta protocol ip ip6 saddr …`
    plain(`meta protocol ${dice.pick([world.family === 4 ? 'ip' : 'ip6', '{ ip, ip6 }'])}`),
    plain(`meta length ${dice.pick(['20-1500', '>= 101', '< 40', '{ 28, 48, 60 }'])}`),
    plain(`meta pkttype ${dice.pick(['host', 'broadcast', 'multicast'])}`),
    // no capture tells these, and each makes a branch
    plain(
      dice.pick([
        'meta cpu != 77',
        `meta iifgroup ${dice.pick(['0', '1'])}`,
        'meta ipsec missing',
        'meta day "Monday"',
        'meta hour "08:00"-"17:00"',
        'meta time < "2020-01-01 00:00:00"',
        'meta oifgroup 0',
        'meta iifkind "veth"',
        'meta iiftype != ether',
        'meta oiftype ether',
      ]),
    ),
    plain(
      dice.pick([
        'limit name "l-named"',
        'quota name "q-named"',
        'limit rate 10000/second',
        'limit rate over 100000/second',
        'quota over 10 mbytes',
      ]),
    ),
    ...(onlyIn(place, 'output', 'postrouting') ? [plain('meta skuid 0'), plain('meta skgid != 0')] : []),
    ...(onlyIn(place, 'prerouting', 'input') ? [plain('socket transparent 1'), plain('socket wildcard 0')] : []),
    ...(onlyIn(place, 'prerouting', 'input') ? [plain('ether saddr 02:04:ff:ff:ff:ff')] : []),
    ...(onlyIn(place, 'forward', 'input', 'output', 'postrouting')
      ? [plain('rt ipsec missing'), plain('rt mtu > 100')]
      : []),
  ]
}
