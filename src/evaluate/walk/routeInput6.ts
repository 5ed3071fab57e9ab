import {isLinkLocal, isLoopback, isMulticast} from '../../net/index.js'
import {lookup, selectHop} from './lookup.js'
import {recordRoute} from './recordRoute.js'
import {failureReason, inputQuery, type InputRoute} from './routeInput.js'
import type {Verdict, Walk} from './walk.js'
import type {Reason} from '../../model/index.js'

const DELIVER: InputRoute = {kind: 'deliver'}
const FORWARD: InputRoute = {kind: 'forward'}

/** ip6_route_input and what ip6_forward refuses. IPv6 has no source validation: any source is forwarded (kernel notes on IPv6). */
export function routeInput6(walk: Walk, device: string): InputRoute {
  const {packet} = walk
  const {source, destination} = packet
  if (isMulticast(destination)) {
    const joined =
      destination === 0xff020000000000000000000000000001n ||
      walk.decide('mld', 'the node has joined the multicast group on the device')
    return joined
      ? DELIVER
      : lost(walk, 'dropped', 'NOT_FORWARDABLE', 'multicast is not forwarded: no multicast routing daemon')
  }
  // loopback and link-local destinations are looked up strictly on the ingress device
  const strict = isLoopback(destination) || isLinkLocal(destination)
  const query = {...inputQuery(walk, device), device: {name: device, reach: strict ? 'only' : 'metric'} as const}
  const result = lookup(walk, query)
  if (result.kind === 'error') {
    recordRoute(walk, 'routing', result)
    return {kind: 'end', verdict: {disposition: 'unroutable', reason: failureReason(result)}}
  }
  packet.route = result
  if (result.type === 'local' || result.type === 'anycast') {
    recordRoute(walk, 'routing', result)
    return DELIVER
  }
  const hop = selectHop(walk, result, null)
  packet.route = {...result, hops: [hop]}
  packet.outInterface = hop.interface
  recordRoute(walk, 'routing', packet.route)
  if (!forwards6(walk, device))
    return lost(walk, 'unroutable', 'FORWARDING_DISABLED', 'forwarding is off (net.ipv6.conf.all.forwarding = 0)')
  if (
    packet.ttl > 1 &&
    hop.interface !== device &&
    (source === 0n || isMulticast(source) || isLoopback(source) || isLinkLocal(source))
  ) {
    return lost(walk, 'unroutable', 'INVALID_SOURCE', 'a packet from this source is not forwarded')
  }
  return FORWARD
}

function forwards6(walk: Walk, device: string): boolean {
  const {sysctls} = walk.network
  if (sysctls.onInterface(6, device, 'force_forwarding', 0, '').value !== 0) return true
  const all = sysctls.all(6, 'forwarding', -1)
  if (all >= 0) return all !== 0
  walk.assume('IP_FORWARD', 'no sysctl in the capture: net.ipv6.conf.all.forwarding taken as 1')
  return true
}

function lost(walk: Walk, disposition: Verdict['disposition'], reason: Reason, effect: string): InputRoute {
  if (walk.tracing) walk.step('forwarding', 'routing', reason, null, effect)
  return {kind: 'end', verdict: {disposition, reason}}
}
