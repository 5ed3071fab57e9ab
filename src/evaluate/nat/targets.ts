import {
  type Address,
  and,
  type Ipv4,
  IPV4_LOOPBACK,
  type Ipv6,
  IPV6_LOOPBACK,
  isLinkLocal,
  lastAddress,
  type Prefix,
} from '../../net/index.js'
import type {Evidence, JsonStep, NatFlags, Target} from '../../model/index.js'
import type {ChainVerdict} from '../netfilter/runChain.js'
import {selectSource} from '../network/sourceAddress.js'
import {selectSource6} from '../network/sourceAddress6.js'
import {endpoint} from '../walk/describe.js'
import type {Walk} from '../walk/walk.js'
import {bindDestination, bindSource, type Wanted} from './bind.js'

const BOUND: ChainVerdict = {kind: 'bound'}
const NO_FLAGS: NatFlags = {random: false, fullyRandom: false, persistent: false}

/** The base chain that the packet is in: of iptables or of nftables. */
export interface NatPlace {
  readonly hook: string
  readonly table: string
}

/** The rule that binds. */
export interface NatRule {
  readonly rule: Evidence
}

type Of<K extends Target['kind']> = Extract<Target, {kind: K}>

/** What DNAT and SNAT ask for: an address of the range, a port of it, or both. A kernel takes one range. */
export function wantedOf({ranges, flags}: Of<'dnat' | 'snat'>): Wanted | null {
  const [range] = ranges
  if (range === undefined) return null
  return {first: range.first, last: range.last, ports: range.ports, basePort: range.basePort, flags}
}

/** To the device the packet came in by; own packets to the loopback address. A device without an address drops (nf_nat_redirect). */
export function redirect(
  walk: Walk,
  base: NatPlace,
  target: Of<'redirect' | 'masquerade'>,
  rule: NatRule,
  step: JsonStep | null,
): ChainVerdict {
  const address = base.hook === 'OUTPUT' ? loopback(walk) : ingressAddress(walk)
  if (address === null)
    return drop(rule, step, 'dropped: the device the packet came in by has no address to redirect to')
  return bindTo(walk, base, rule, step, 'destination', fixed(address, target))
}

/** The address a packet of the node would have on its way out of this device, by this next hop (nf_nat_masquerade). */
export function masquerade(
  walk: Walk,
  base: NatPlace,
  target: Of<'redirect' | 'masquerade'>,
  rule: NatRule,
  step: JsonStep | null,
): ChainVerdict {
  const {packet, network} = walk
  const device = packet.outInterface
  if (device === null) return drop(rule, step, 'dropped: no device to take an address from')
  const hop = packet.route?.hops[0]?.gateway ?? null
  const address =
    packet.family === 4
      ? selectSource(network, device, typeof hop === 'number' ? hop : packet.destination)
      : selectSource6(network, device, packet.destination)
  if (!network.interfaces.addressesListed) {
    walk.assume(
      'MASQUERADE_ADDRESS',
      `no \`ip addr\` in the capture: the address of ${device} is taken from route hints`,
    )
  }
  if (address === null) return drop(rule, step, 'dropped: no interface has an address to masquerade with')
  return bindTo(walk, base, rule, step, 'source', fixed(address, target))
}

/** Replaces the network part and keeps the host part. */
export function netmap(
  walk: Walk,
  base: NatPlace,
  target: Of<'netmap'>,
  rule: NatRule,
  step: JsonStep | null,
): ChainVerdict {
  const side = base.hook === 'POSTROUTING' || base.hook === 'INPUT' ? 'source' : 'destination'
  const address = mapped(target.prefix, walk.packet[side])
  return bindTo(walk, base, rule, step, side, {
    first: address,
    last: address,
    ports: null,
    basePort: null,
    flags: NO_FLAGS,
  })
}

export function bindTo(
  walk: Walk,
  base: NatPlace,
  rule: NatRule,
  step: JsonStep | null,
  side: 'source' | 'destination',
  wanted: Wanted,
): ChainVerdict {
  const {connection} = walk.packet
  if (connection === null) return drop(rule, step, `dropped: ${base.table} without a connection`)
  const bind = side === 'source' ? bindSource : bindDestination
  if (step === null) {
    bind(walk, connection, wanted)
    return BOUND
  }
  const port = side === 'source' ? 'sourcePort' : 'destinationPort'
  const before = {end: endpoint(walk.packet, side), port: walk.packet[port]}
  bind(walk, connection, wanted)
  const after = endpoint(walk.packet, side)
  const drawn = before.port !== null && walk.packet[port] === null ? ' (random port)' : ''
  step.effect = before.end === after ? `${side} stays ${after}` : `${side} ${before.end} → ${after}${drawn}`
  return BOUND
}

function fixed(address: Address, target: Of<'redirect' | 'masquerade'>): Wanted {
  return {first: address, last: address, ports: target.ports, basePort: null, flags: target.flags}
}

function drop(rule: NatRule, step: JsonStep | null, effect: string): ChainVerdict {
  if (step !== null) step.effect = effect
  return {kind: 'drop', by: 'nat', evidence: rule.rule}
}

function loopback(walk: Walk): Address {
  return walk.packet.family === 4 ? IPV4_LOOPBACK : IPV6_LOOPBACK
}

function ingressAddress(walk: Walk): Address | null {
  const {packet, network} = walk
  if (packet.inInterface === null) return null
  const own = network.interfaces.addresses(packet.inInterface, packet.family).filter(address => !address.tentative)
  // a link-local destination takes a link-local address (nf_nat_redirect_ipv6)
  const usable =
    packet.family === 6 && isLinkLocal(packet.destination) ? own.filter(({address}) => isLinkLocal(address)) : own
  return usable[0]?.address ?? null
}

function mapped(prefix: Prefix, address: Address): Address {
  const host = hostPart(prefix, address)
  return typeof host === 'number'
    ? (((host | (prefix.address as number)) >>> 0) as Ipv4)
    : ((host | (prefix.address as bigint)) as Ipv6)
}

function hostPart(prefix: Prefix, address: Address): Address {
  const hosts = lastAddress({...prefix, address: (typeof prefix.address === 'number' ? 0 : 0n) as Address})
  return and(address, hosts)
}
