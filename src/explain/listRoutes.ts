import {formatAddress, formatPrefix} from '../net/index.js'
import type {JsonRouteRow, NodeState} from '../model/index.js'
import {tableName} from '../model/index.js'

/** Every route, in the order of the listing. Null: none in the capture. */
export function listRoutes(node: NodeState): JsonRouteRow[] | null {
  if (node.routing[4].routes === null && node.routing[6].routes === null) return null
  return [...(node.routing[4].routes ?? []), ...(node.routing[6].routes ?? [])].map(route => ({
    family: route.family,
    table: tableName(route.table),
    type: route.type,
    destination: route.destination.length === 0 ? 'default' : formatPrefix(route.destination),
    nextHops: route.nextHops.map(hop => ({
      gateway: hop.gateway === null ? null : formatAddress(hop.gateway),
      interface: hop.interface,
      weight: hop.weight,
    })),
    preferredSource: route.preferredSource === null ? null : formatAddress(route.preferredSource),
    metric: route.metric,
    source: route.source,
  }))
}
