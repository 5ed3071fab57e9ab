import type {Context} from '../context.js'
import {type NftPlace, onlyIn} from './nftPlace.js'

type Choice = readonly [weight: number, text: string]

/** NAT statements that may stand in such a chain. @param protocol that the rule is sure to be about */
export function nftNat(context: Context, place: NftPlace, protocol: string | null): Choice[] {
  if (onlyIn(place, 'prerouting', 'output')) return destinations(context, place, protocol)
  return onlyIn(place, 'postrouting', 'input') ? sources(context, place, protocol) : []
}

/** An inet table's rules say which family they are for. */
function to({world}: Context, {family}: NftPlace, prefix = '', spec = ''): string {
  // ports alone are of either family
  if (spec.startsWith(':')) return ' to'
  const ip = family === 'inet' || prefix !== '' ? ` ${world.family === 4 ? 'ip' : 'ip6'}` : ''
  return `${ip}${prefix} to`
}

function hasPort(protocol: string | null): protocol is string {
  return protocol === 'tcp' || protocol === 'udp' || protocol === 'sctp'
}

function at({world}: Context, address: string, port: string): string {
  return world.family === 4 ? `${address}:${port}` : `[${address}]:${port}`
}

function flags({dice}: Context, ...known: readonly string[]): string {
  return dice.chance(0.3) ? ` ${dice.pick(known)}` : ''
}

function destinations(context: Context, place: NftPlace, protocol: string | null): Choice[] {
  const {dice, world} = context
  const ip = world.family === 4 ? 'ip' : 'ip6'
  const pod = dice.pick(world.pods).address
  const other = dice.pick(world.pods).address
  const ported = hasPort(protocol)
  const spec = dice.pick([
    pod,
    pod,
    dice.pick(world.remote),
    dice.pick(world.natRanges),
    dice.pick(world.own),
    world.loopback,
    `numgen random mod 2 map { 0 : ${pod}, 1 : ${other} }`,
    `numgen inc mod 2 map { 0 : ${pod}, 1 : ${other} }`,
    `jhash ${ip} saddr mod 2 seed 0xabc map { 0 : ${pod}, 1 : ${other} }`,
    `${ip} daddr map @m-pod`,
    `${ip} saddr map { ${context.address()} : ${pod}, ${context.address()} : ${other} }`,
    ...(ported
      ? [
          at(context, pod, '8080'),
          at(context, dice.pick(world.remote), '443'),
          at(context, pod, '100-110'),
          ':8081',
          ':100-110',
        ]
      : []),
  ])
  const mapped = world.natRanges.length > 0 && ported ? `${protocol} dport map @m-podport` : null
  return [
    [8, `dnat${to(context, place, '', spec)} ${spec}${flags(context, 'persistent', 'random', 'fully-random')}`],
    ...(mapped === null ? [] : ([[2, `dnat${to(context, place)} ${mapped}`]] as const)),
    [1.5, `dnat${to(context, place, ' prefix')} ${ip} daddr map { ${prefixPair(context)} }`],
    [
      2,
      `redirect${ported ? dice.pick(['', ' to :8080', ' to :9000-9010', ` to :${protocol} dport map { 80 : 8080, 443 : 8081 }`]) : ''}${flags(context, 'random', 'persistent')}`,
    ],
  ]
}

function sources(context: Context, place: NftPlace, protocol: string | null): Choice[] {
  const {dice, world} = context
  const ip = world.family === 4 ? 'ip' : 'ip6'
  const own = dice.pick(world.own)
  const ported = hasPort(protocol)
  const spec = dice.pick([
    own,
    own,
    dice.pick(world.snatRanges),
    dice.pick(world.remote),
    `${ip} daddr map { ${context.address()} : ${own}, ${context.address()} : ${dice.pick(world.own)} }`,
    `numgen random mod 2 map { 0 : ${own}, 1 : ${dice.pick(world.own)} }`,
    ...(ported ? [at(context, own, '1024-1030'), at(context, own, '5000'), ':5000'] : []),
  ])
  const snat: Choice = [
    7,
    `snat${to(context, place, '', spec)} ${spec}${flags(context, 'random', 'fully-random', 'persistent')}`,
  ]
  if (!onlyIn(place, 'postrouting')) return [snat]
  return [
    snat,
    [1.5, `snat${to(context, place, ' prefix')} ${ip} saddr map { ${prefixPair(context)} }`],
    [
      7,
      `masquerade${ported ? dice.pick(['', ' to :1024-1040']) : ''}${flags(context, 'random', 'fully-random', 'persistent', 'random,persistent')}`,
    ],
  ]
}

/** Two prefixes of one length, one of them mapped to the other. */
function prefixPair({dice, world}: Context): string {
  return world.family === 4
    ? dice.pick(['10.100.0.0/24 : 10.9.0.0/24', '10.20.40.0/24 : 100.64.3.0/24', '10.1.2.0/24 : 10.20.40.0/24'])
    : dice.pick(['fd00:10:100::/112 : fd00:9::/112', '2001:db8:20:0:a::/112 : fd00:64:3::/112'])
}
