import {type NextHop, type Route, type RouteType, type SourceRef, TABLE_MAIN, type TableId} from '../../model/index.js'
import type {Address, Prefix} from '../../net/index.js'
import {currentHop, emptyRoute, type RouteDraft} from './routeDraft.js'

/** A route from a listing that knows little of it: `route -n` and the files of /proc/net. */
export interface PlainRoute {
  readonly destination: Prefix
  readonly from?: Prefix
  readonly type: RouteType
  readonly gateway: NextHop['gateway']
  readonly interface: NextHop['interface']
  readonly metric: number | null
  readonly scope: Route['scope']
  readonly table?: TableId
}

export function plainRoute(plain: PlainRoute, source: SourceRef, text: string): RouteDraft {
  const route = emptyRoute(plain.table ?? TABLE_MAIN, source, text)
  route.destination = plain.destination
  route.from = plain.from ?? null
  route.type = plain.type
  route.metric = plain.metric
  route.scope = plain.scope
  const hop = currentHop(route)
  hop.gateway = plain.gateway
  hop.interface = plain.interface
  return route
}

/** An address with all bits zero stands for "no gateway" in these listings. */
export function gatewayOf(address: Address | null): Address | null {
  return address === 0 || address === 0n ? null : address
}

/** Where a route sends packets: rejecting routes print a device (`lo`, `*`) that they do not have. */
export function rejectType(rejected: boolean, device: string): RouteType {
  return rejected ? 'unreachable' : device === '*' ? 'blackhole' : 'unicast'
}
