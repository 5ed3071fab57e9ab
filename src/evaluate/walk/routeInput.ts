import {isLoopback, isMulticast, type Address} from '../../net/index.js'
import type {Reason} from '../../model/index.js'
import {isLimitedBroadcast, isZeroNet} from '../network/network.js'
import {lookup, type RouteFailure, type RouteQuery, selectHop} from './lookup.js'
import type {Packet} from './packet.js'
import {recordRoute} from './recordRoute.js'
import {validateSource} from './validateSource.js'
import type {Verdict, Walk} from './walk.js'

/** Where an incoming packet goes on to. */
export type InputRoute =
  {readonly kind: 'deliver'} | {readonly kind: 'forward'} | {readonly kind: 'end'; readonly verdict: Verdict}

const DELIVER: InputRoute = {kind: 'deliver'}
const FORWARD: InputRoute = {kind: 'forward'}

/** ip_route_input_slow (net/ipv4/route.c): the routing decision for a packet from a wire, source validation included. */
export function routeInput4(walk: Walk, device: string): InputRoute {
  const {packet, network} = walk
  const {source, destination} = packet
  if (isMulticast(source) || isLimitedBroadcast(source))
    return lost(walk, 'dropped', 'MARTIAN_SOURCE', 'a multicast or broadcast address as source')
  if (isMulticast(destination)) return multicast(walk)
  if (isLimitedBroadcast(destination) || (source === 0 && destination === 0)) return broadcast(walk, device)
  if (isZeroNet(source)) return lost(walk, 'dropped', 'MARTIAN_SOURCE', 'a source in 0.0.0.0/8')
  if (isZeroNet(destination)) return lost(walk, 'dropped', 'MARTIAN_DESTINATION', 'a destination in 0.0.0.0/8')
  for (const [address, reason] of [
    [destination, 'MARTIAN_DESTINATION'],
    [source, 'MARTIAN_SOURCE'],
  ] as const) {
    if (!isLoopback(address)) continue
    if (!routesLocalnet(walk, device))
      return lost(walk, 'dropped', reason, `127.0.0.0/8 from ${device} needs route_localnet`)
    break
  }
  const result = lookup(walk, inputQuery(walk, device))
  if (result.kind === 'error') return noRoute(walk, device, result)
  packet.route = result
  switch (result.type) {
    case 'broadcast':
      recordRoute(walk, 'routing', result)
      return broadcast(walk, device)
    case 'local': {
      recordRoute(walk, 'routing', result)
      const verdict = validateSource(walk, device, null, packet.destination)
      return verdict === null ? DELIVER : {kind: 'end', verdict}
    }
    case 'unicast': {
      if (!forwards(walk, device)) {
        recordRoute(walk, 'routing', result)
        return lost(walk, 'unroutable', 'FORWARDING_DISABLED', `forwarding is off on ${device} (ip_forward = 0)`)
      }
      const hop = selectHop(walk, result, null)
      packet.route = {...result, hops: [hop]}
      packet.outInterface = hop.interface
      recordRoute(walk, 'routing', packet.route)
      const verdict = validateSource(walk, device, hop.interface, packet.destination)
      return verdict === null ? FORWARD : {kind: 'end', verdict}
    }
    default:
      recordRoute(walk, 'routing', result)
      return lost(walk, 'dropped', 'MARTIAN_DESTINATION', `a route of type ${result.type} takes no packets from a wire`)
  }

  function broadcast(walk: Walk, device: string): InputRoute {
    if (isZeroNet(walk.packet.source)) return DELIVER
    const verdict = validateSource(walk, device, null, 0 as Address)
    return verdict === null ? DELIVER : {kind: 'end', verdict}
  }

  function multicast(walk: Walk): InputRoute {
    // groups that the node has joined are not in a capture; 224.0.0.1 every node joins
    if (
      walk.packet.destination === 0xe0000001 ||
      walk.decide('igmp', 'the node has joined the multicast group on the device')
    )
      return DELIVER
    return lost(walk, 'unroutable', 'NOT_FORWARDABLE', 'multicast is not forwarded: no multicast routing daemon')
  }

  function routesLocalnet(walk: Walk, device: string): boolean {
    return network.sysctls.all(4, 'route_localnet', 0) !== 0 || walk.setting(localnet(walk, device)) !== 0
  }
}

function localnet(walk: Walk, device: string): ReturnType<Walk['network']['sysctls']['onInterface']> {
  return walk.network.sysctls.onInterface(
    4,
    device,
    'route_localnet',
    0,
    `no sysctl in the capture: route_localnet of ${device} taken as 0`,
  )
}

export function forwards(walk: Walk, device: string): boolean {
  const {sysctls} = walk.network
  const global = sysctls.get('net.ipv4.ip_forward', -1)
  const own = sysctls.onInterface(
    4,
    device,
    'forwarding',
    global < 0 ? 1 : global,
    'no sysctl in the capture: ip_forward taken as 1',
  )
  // writing ip_forward writes every interface's, so it answers where the interface's own is not in the capture
  if (own.assumption === null) return own.value !== 0
  if (global >= 0) return global !== 0
  return (
    walk.setting({
      ...own,
      value: 1,
      assumption: {code: 'IP_FORWARD', text: 'no sysctl in the capture: ip_forward taken as 1'},
    }) !== 0
  )
}

export function inputQuery(walk: Walk, device: string): RouteQuery {
  const {packet} = walk
  return {
    family: packet.family,
    source: packet.source,
    destination: packet.destination,
    inInterface: device,
    outInterface: null,
    device: null,
    mark: packet.mark,
    tos: packet.tos,
    protocol: packet.protocol,
    sourcePort: packet.sourcePort,
    destinationPort: packet.destinationPort,
    portsOpen: hasOpenPorts(packet),
    reversed: false,
    fromSocket: false,
    ignoreLinkState: false,
  }
}

export function hasOpenPorts(packet: Packet): boolean {
  return packet.openSourcePorts.length > 0 || packet.openDestinationPorts.length > 0
}

function noRoute(walk: Walk, device: string, failure: RouteFailure): InputRoute {
  recordRoute(walk, 'routing', failure)
  if (!forwards(walk, device))
    return lost(walk, 'unroutable', 'FORWARDING_DISABLED', `no route, and forwarding is off on ${device}`)
  return {kind: 'end', verdict: {disposition: 'unroutable', reason: failureReason(failure)}}
}

export function failureReason(failure: RouteFailure): Reason {
  switch (failure.error) {
    case 'none':
      return 'NO_ROUTE'
    case 'blackhole':
      return 'BLACKHOLE'
    case 'unreachable':
      return 'UNREACHABLE'
    case 'prohibit':
      return 'PROHIBIT'
  }
}

function lost(walk: Walk, disposition: Verdict['disposition'], reason: Reason, effect: string): InputRoute {
  if (walk.tracing) walk.step('forwarding', 'routing', reason, null, effect)
  return {kind: 'end', verdict: {disposition, reason}}
}
