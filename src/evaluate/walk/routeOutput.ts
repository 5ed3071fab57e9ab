import {
  type Address,
  formatAddress,
  ICMP,
  IPV4_LOOPBACK,
  isLinkLocal,
  isLoopback,
  isMulticast,
} from '../../net/index.js'
import {isLimitedBroadcast, isZeroNet} from '../network/network.js'
import {selectSource} from '../network/sourceAddress.js'
import {addressType} from '../netfilter/addressType.js'
import {lookup, type RouteQuery, type RouteResult, selectHop} from './lookup.js'
import type {Packet} from './packet.js'
import {recordRoute} from './recordRoute.js'
import {selectDefault} from './selectDefault.js'
import {failureReason, hasOpenPorts} from './routeInput.js'
import type {Verdict, Walk} from './walk.js'

/** Why an output route is asked for: `socket` for a packet about to be made, `reroute` for one that netfilter changed (ip_route_me_harder). */
export type OutputPurpose = 'socket' | 'reroute'

/**
 * ip_route_output_key_hash_rcu (net/ipv4/route.c). Sets the packet's route, out device, and its source where it has none.
 * @returns null where there is a route
 */
export function routeOutput4(walk: Walk, purpose: OutputPurpose, stage: string): Verdict | null {
  const {packet} = walk
  const refusal = refuseAddresses(walk, purpose)
  if (refusal !== null) return refusal
  if (packet.destination === 0) {
    packet.destination = packet.source === 0 ? IPV4_LOOPBACK : packet.source
  }
  const bound = packet.boundInterface
  if (isLimitedBroadcast(packet.destination) || isMulticast(packet.destination)) {
    const device = bound ?? walk.network.interfaces.owner(packet.source)
    if (
      device !== null &&
      (bound === null || isLimitedBroadcast(packet.destination) || isLocalGroup(packet.destination))
    )
      return withoutLookup(walk, device)
  }
  const result = lookup(walk, outputQuery(walk, purpose))
  if (result.kind === 'error') {
    // a socket bound to a device takes the destination to be on its link
    if (bound !== null) return withoutLookup(walk, bound)
    recordRoute(walk, stage, result)
    return {disposition: 'unroutable', reason: failureReason(result)}
  }
  return result.type === 'local' ? toLoopback(walk, result, stage) : toDevice(walk, selectDefault(walk, result), stage)
}

function toLoopback(walk: Walk, result: RouteResult, stage: string): Verdict | null {
  const {packet} = walk
  if (packet.source === 0) packet.source = result.route.preferredSource ?? packet.destination
  packet.route = result
  packet.outInterface = 'lo'
  recordRoute(walk, stage, result)
  return null
}

function toDevice(walk: Walk, result: RouteResult, stage: string): Verdict | null {
  const {packet, network} = walk
  const hop = selectHop(walk, result, packet.source === 0 ? null : packet.source)
  packet.route = {...result, hops: [hop]}
  packet.outInterface = hop.interface
  recordRoute(walk, stage, packet.route)
  if (packet.source === 0) {
    const scope = result.route.scope === 'link' ? 'link' : 'universe'
    const gateway = typeof hop.gateway === 'number' ? hop.gateway : null
    packet.source =
      result.route.preferredSource ?? selectSource(network, hop.interface, gateway, scope) ?? packet.source
    if (walk.tracing) {
      walk.step(
        'source-selection',
        stage,
        null,
        result.route,
        `the kernel picks the source ${formatAddress(packet.source)}`,
      )
    }
  }
  return loopbackLeaves(walk)
}

/** __mkroute_output: 127.0.0.0/8 does not leave by a real device without route_localnet. */
function loopbackLeaves(walk: Walk): Verdict | null {
  const {packet, network} = walk
  const device = packet.outInterface
  if (device === null || device === 'lo' || !isLoopback(packet.source)) return null
  const allowed =
    network.sysctls.all(4, 'route_localnet', 0) !== 0 ||
    network.sysctls.onInterface(4, device, 'route_localnet', 0, '').value !== 0
  if (allowed) return null
  if (walk.tracing)
    walk.step(
      'forwarding',
      'routing',
      'MARTIAN_SOURCE',
      null,
      `127.0.0.0/8 does not leave by ${device} without route_localnet`,
    )
  return {disposition: 'unroutable', reason: 'MARTIAN_SOURCE'}
}

/** 224.0.0.0/24, which no router forwards (ipv4_is_local_multicast). */
function isLocalGroup(address: Address): boolean {
  return typeof address === 'number' && address >>> 8 === 0xe00000
}

/** Broadcast and multicast by a given device: no table is asked. */
function withoutLookup(walk: Walk, device: string): Verdict | null {
  const {packet, network} = walk
  if (packet.source === 0) packet.source = selectSource(network, device, null, 'link') ?? packet.source
  packet.route = null
  packet.outInterface = device
  if (walk.tracing) walk.step('route', 'routing', device, null, `no table is asked: out by ${device}`)
  return loopbackLeaves(walk)
}

function refuseAddresses(walk: Walk, purpose: OutputPurpose): Verdict | null {
  const {packet, network} = walk
  const {source, destination} = packet
  const invalid = (effect: string): Verdict => {
    if (walk.tracing) walk.step('forwarding', 'routing', 'INVALID_SOURCE', null, effect)
    return {disposition: 'unroutable', reason: 'INVALID_SOURCE'}
  }
  if (source !== 0) {
    if (isMulticast(source) || isLimitedBroadcast(source) || isZeroNet(source))
      return invalid('no packet may have this source')
    if (purpose === 'socket' && !packet.transparent && addressType(network, source, null) !== 'LOCAL')
      return invalid('a socket cannot be bound to this source: it is not an address of the node')
  }
  if (destination !== 0 && isZeroNet(destination)) {
    if (walk.tracing) walk.step('forwarding', 'routing', 'MARTIAN_DESTINATION', null, '0.0.0.0/8 is no destination')
    return {disposition: 'unroutable', reason: 'MARTIAN_DESTINATION'}
  }
  return null
}

export function outputQuery(walk: Walk, purpose: OutputPurpose): RouteQuery {
  const {packet} = walk
  const {outInterface, device} = outputDevice(packet, purpose)
  return {
    family: packet.family,
    source: packet.source,
    destination: packet.destination,
    inInterface: 'lo',
    outInterface,
    device,
    mark: packet.mark,
    tos: packet.tos,
    protocol: packet.protocol,
    sourcePort: packet.sourcePort,
    destinationPort: purpose === 'socket' && packet.protocol === ICMP ? icmpPort(packet) : packet.destinationPort,
    portsOpen: hasOpenPorts(packet),
    reversed: false,
    fromSocket: packet.maker === 'process',
    ignoreLinkState: false,
  }
}

/** The device that an output lookup is told of. IPv6 routes again by the device it had where the destination is its link (ip6_route_me_harder). */
function outputDevice(packet: Packet, purpose: OutputPurpose): Pick<RouteQuery, 'outInterface' | 'device'> {
  if (packet.family === 4) return {outInterface: packet.boundInterface, device: null}
  if (purpose === 'socket' && packet.answerDevice !== null)
    return {outInterface: packet.answerDevice.name, device: packet.answerDevice}
  const {destination} = packet
  const onLink = purpose === 'reroute' && (isMulticast(destination) || isLinkLocal(destination))
  const name = packet.boundInterface ?? (onLink ? packet.outInterface : null)
  return {outInterface: name, device: name === null ? null : {name, reach: 'only'}}
}

/** ICMP has no ports, but a socket's lookup keeps type and code where ports would be (union flowi_uli): a quirk that port rules can see. */
function icmpPort({icmpType, icmpCode}: Packet): number {
  return (icmpType << 8) | icmpCode
}
