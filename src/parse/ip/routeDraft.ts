import {type NextHop, type Route, type SourceRef, TABLE_MAIN, type TableId} from '../../model/index.js'
import type {Address, Family, Prefix} from '../../net/index.js'
import type {Draft} from './draft.js'

/** A next hop while it is read. `otherFamily`: `via inet6 …`, so it says nothing of the route's own family. */
export type HopDraft = Draft<NextHop> & {otherFamily: boolean}

/** A route while it is read: `default` has no family of its own, and lines may follow. */
export interface RouteDraft extends Draft<
  Omit<Route, 'family' | 'destination' | 'nextHops' | 'metric' | 'attributes' | 'unknown'>
> {
  /** Null: `default`. */
  destination: Prefix | null
  metric: number | null
  /** What `via` and `dev` of the route itself say; null where neither stands. */
  hop: HopDraft | null
  /** `nexthop …`, each. */
  hops: HopDraft[]
  attributes: Map<string, string>
  unknown: string[]
}

export function emptyHop(): HopDraft {
  return {
    gateway: null,
    interface: null,
    weight: 1,
    onlink: false,
    linkdown: false,
    dead: false,
    encap: null,
    otherFamily: false,
  }
}

/** @param table of the listing; a route of `table all` that names none is in main */
export function emptyRoute(table: TableId | undefined, source: SourceRef, text: string): RouteDraft {
  return {
    table: table ?? TABLE_MAIN,
    type: 'unicast',
    destination: null,
    from: null,
    tos: 0,
    metric: null,
    protocol: null,
    // iproute2 leaves out RT_SCOPE_UNIVERSE, and only that, whatever the type
    scope: 'global',
    preferredSource: null,
    hop: null,
    hops: [],
    nextHopId: null,
    attributes: new Map(),
    unknown: [],
    source,
    text,
  }
}

/** The hop that an attribute belongs to: the `nexthop` being read, else that of the route itself. */
export function currentHop(route: RouteDraft): HopDraft {
  return route.hops.at(-1) ?? (route.hop ??= emptyHop())
}

/** Types that discard the packet or leave the table: a device in them says nothing (`blackhole … dev lo`). */
export function isDeadEnd({type}: Pick<Route, 'type'>): boolean {
  return type === 'blackhole' || type === 'unreachable' || type === 'prohibit' || type === 'throw'
}

/** True where the text says what becomes of the packet. */
export function hasTarget(route: RouteDraft): boolean {
  return (
    isDeadEnd(route) ||
    route.hops.length > 0 ||
    route.nextHopId !== null ||
    (route.hop?.interface ?? route.hop?.gateway ?? null) !== null
  )
}

/** What the addresses of a route say of its family; null for a bare `default dev X`. */
export function ownFamily(route: RouteDraft): Family | null {
  if (route.destination !== null) return route.destination.family
  if (route.from !== null) return route.from.family
  for (const hop of [...route.hops, ...(route.hop === null ? [] : [route.hop])]) {
    if (hop.gateway !== null) return hop.otherFamily ? (isSix(hop.gateway) ? 4 : 6) : isSix(hop.gateway) ? 6 : 4
  }
  return route.preferredSource === null ? null : isSix(route.preferredSource) ? 6 : 4
}

/** What the words of a bare `default dev X` say: every IPv6 route has a priority, which ip prints; only IPv6 has a router preference. */
export function likelyFamily(route: RouteDraft): Family | null {
  if (route.attributes.has('pref')) return 6
  return route.metric === null ? 4 : null
}

function isSix(address: Address): boolean {
  return typeof address === 'bigint'
}
