import type {NextHop, Route} from '../../model/index.js'
import {describeHop} from './describe.js'
import type {RouteResult} from './lookup.js'
import {TOS_ROUTING_MASK} from './routedTos.js'
import type {Walk} from './walk.js'

/**
 * fib_select_default (net/ipv4/fib_semantics.c): where a table has several default routes that would do, an output lookup turns from one to the
 * next by what the neighbour table says of their gateways, and by which it took last. No capture tells that: each may be the one.
 */
export function selectDefault(walk: Walk, result: RouteResult): RouteResult {
  const {route, hops, table} = result
  if (route.destination.length > 0 || route.nextHops.length > 1 || result.type !== 'unicast') return result
  const defaults = walk.network.routing(4).tables.get(table)?.defaults ?? []
  if (defaults.length < 2 || walk.packet.boundInterface !== null) return result
  const candidates = alternatives(defaults, route, walk.packet.tos)
  if (candidates.length < 2 || candidates[0] !== route) return result
  const time = walk.visit('default route')
  const again = time === 0 ? '' : ` (look-up ${time + 1})`
  const texts = candidates.map(
    ({nextHops, metric}) =>
      `the kernel's dead gateway detection takes the default route ${describeHop(nextHops[0] as NextHop)}${metric === 0 ? '' : ` metric ${metric}`}${again}`,
  )
  const taken = candidates[walk.pick(`default route ${time}`, texts)] as Route
  return taken === route ? result : {...result, route: taken, hops: taken.nextHops.slice(0, hops.length)}
}

/** Default routes with a gateway that the kernel turns between, as it tries them: those of one tos share a metric. */
function alternatives(defaults: readonly Route[], found: Route, tos: number): readonly Route[] {
  const candidates: Route[] = []
  let last = {tos: 0, metric: found.metric}
  for (const route of defaults) {
    if (route.tos !== 0 && (route.tos & TOS_ROUTING_MASK) !== (tos & TOS_ROUTING_MASK)) continue
    if (route.metric > last.metric && route.tos === last.tos) {
      if (last.tos !== 0) continue
      break
    }
    const [hop] = route.nextHops
    if (hop !== undefined && route.nextHops.every(({dead}) => dead)) continue
    last = route
    if (route.scope === found.scope && route.type === 'unicast' && hop !== undefined && hop.gateway !== null)
      candidates.push(route)
  }
  return candidates
}
