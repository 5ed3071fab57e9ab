import type {RouteScope, RouteType} from '../../model/index.js'

/** rtm_type of linux/rtnetlink.h; `ip -N` prints the number. */
const ROUTE_TYPES: ReadonlyMap<string, RouteType> = new Map([
  ['1', 'unicast'],
  ['2', 'local'],
  ['3', 'broadcast'],
  ['4', 'anycast'],
  ['5', 'multicast'],
  ['6', 'blackhole'],
  ['7', 'unreachable'],
  ['8', 'prohibit'],
  ['9', 'throw'],
  ['10', 'nat'],
] as const)
const ROUTE_TYPE_NAMES = new Set<string>(ROUTE_TYPES.values())

export function routeTypeOf(word: string): RouteType | null {
  return ROUTE_TYPE_NAMES.has(word) ? (word as RouteType) : (ROUTE_TYPES.get(word) ?? null)
}

/** rtm_scope; anything between the named ones is allowed. */
const SCOPES: ReadonlyMap<string, RouteScope> = new Map([
  ['global', 'global'],
  ['0', 'global'],
  ['universe', 'global'],
  ['site', 'site'],
  ['200', 'site'],
  ['link', 'link'],
  ['253', 'link'],
  ['host', 'host'],
  ['254', 'host'],
  ['nowhere', 'nowhere'],
  ['255', 'nowhere'],
] as const)

/** @returns null for a name that no rt_scopes of iproute2 holds */
export function scopeOf(word: string): RouteScope | null {
  const known = SCOPES.get(word)
  if (known !== undefined) return known
  return /^\d{1,3}$/.test(word) && Number(word) < 256 ? Number(word) : null
}

/** iproute2's rt_protos, for `ip -N`. */
const PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ['0', 'unspec'],
  ['1', 'redirect'],
  ['2', 'kernel'],
  ['3', 'boot'],
  ['4', 'static'],
  ['8', 'gated'],
  ['9', 'ra'],
  ['10', 'mrt'],
  ['11', 'zebra'],
  ['12', 'bird'],
  ['13', 'dnrouted'],
  ['14', 'xorp'],
  ['15', 'ntk'],
  ['16', 'dhcp'],
  ['17', 'mrouted'],
  ['18', 'keepalived'],
  ['42', 'babel'],
  ['84', 'ovn'],
  ['99', 'openr'],
  ['186', 'bgp'],
  ['187', 'isis'],
  ['188', 'ospf'],
  ['189', 'rip'],
  ['192', 'eigrp'],
])

/** The origin of a route or rule by name where it has one; null for the value that iproute2 leaves out without -d. */
export function protocolOf(word: string, leftOut: 'boot' | 'unspec'): string | null {
  const name = PROTOCOLS.get(word) ?? word
  return name === leftOut ? null : name
}
