import {formatAddress, isLinkLocal, isMulticast, TCP, UDP} from '../../net/index.js'
import {addressType} from '../netfilter/addressType.js'
import {selectSource6} from '../network/sourceAddress6.js'
import {lookup, type RouteFailure, type RouteResult, selectHop} from './lookup.js'
import {recordRoute} from './recordRoute.js'
import {failureReason} from './routeInput.js'
import {type OutputPurpose, outputQuery} from './routeOutput.js'
import type {Verdict, Walk} from './walk.js'

/** ip6_dst_lookup_tail and ip6_route_me_harder: an output route, and the source where the packet has none. */
export function routeOutput6(walk: Walk, purpose: OutputPurpose, stage: string): Verdict | null {
  const {packet, network} = walk
  // TCP and ICMPv6 answer from the address that was asked, and nobody asks whose it is (tcp_v6_send_response, icmpv6_echo_reply)
  const ofStack = packet.isAnswer && packet.protocol !== UDP
  const checks = packet.source !== 0n && purpose === 'socket' && !packet.transparent && !ofStack
  if (checks && addressType(network, packet.source, null) !== 'LOCAL') {
    if (walk.tracing)
      walk.step(
        'forwarding',
        'routing',
        'INVALID_SOURCE',
        null,
        'a socket cannot be bound to this source: it is not an address of the node',
      )
    return {disposition: 'unroutable', reason: 'INVALID_SOURCE'}
  }
  if (
    purpose === 'socket' &&
    packet.protocol === TCP &&
    isLinkLocal(packet.destination) &&
    packet.boundInterface === null
  ) {
    if (walk.tracing) {
      walk.step(
        'forwarding',
        'routing',
        'MARTIAN_DESTINATION',
        null,
        'a TCP connection to a link-local address needs a device',
      )
    }
    return {disposition: 'unroutable', reason: 'MARTIAN_DESTINATION'}
  }
  let result = pathOf(walk, lookup(walk, outputQuery(walk, purpose)))
  if (packet.source === 0n) result = chooseSource(walk, result, purpose, stage)
  if (result.kind === 'error') {
    recordRoute(walk, stage, result)
    return {disposition: 'unroutable', reason: failureReason(result)}
  }
  if (result.type === 'local' || result.type === 'anycast') {
    packet.route = result
    packet.outInterface = 'lo'
    recordRoute(walk, stage, result)
    return null
  }
  packet.route = result
  packet.outInterface = result.hops[0]?.interface ?? null
  recordRoute(walk, stage, packet.route)
  return null
}

/** Without a route the kernel picks a source all the same and asks again, now with it: a `from` rule may then apply. */
function chooseSource(
  walk: Walk,
  first: RouteResult | RouteFailure,
  purpose: OutputPurpose,
  stage: string,
): RouteResult | RouteFailure {
  const {packet, network} = walk
  const device = first.kind === 'route' ? (first.hops[0]?.interface ?? null) : packet.boundInterface
  const hinted = first.kind === 'route' ? first.route.preferredSource : null
  const local = first.kind === 'route' && first.type === 'local' && !isMulticast(packet.destination)
  packet.source =
    hinted ??
    (local && isLinkLocal(packet.destination)
      ? packet.destination
      : selectSource6(network, device, packet.destination)) ??
    packet.source
  if (walk.tracing) {
    walk.step(
      'source-selection',
      stage,
      null,
      first.kind === 'route' ? first.route : null,
      `the kernel picks the source ${formatAddress(packet.source)}`,
    )
  }
  return first.kind === 'error' ? pathOf(walk, lookup(walk, outputQuery(walk, purpose))) : first
}

/** A source is picked for the very hop that the hash takes. */
function pathOf(walk: Walk, result: RouteResult | RouteFailure): RouteResult | RouteFailure {
  if (result.kind === 'error' || result.type === 'local' || result.type === 'anycast') return result
  return {...result, hops: [selectHop(walk, result, null)]}
}
