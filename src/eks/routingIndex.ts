import {
  type Evidence,
  type NodeState,
  type PolicyRule,
  type Route,
  TABLE_LOCAL,
  TABLE_MAIN,
  type TableId,
} from '../model/index.js'
import {type Address, addressBits, type Family, isLoopback, type Prefix} from '../net/index.js'

/** A node's rules and routes by what they are about, so that every pod is found without a scan. */
export interface RoutingIndex {
  /** `A dev X scope link` in any table: the node's side of a pod. */
  readonly hostRoutes: ReadonlyMap<Address, readonly Route[]>
  /** `from A lookup T`, with or without a `to`, in the order the kernel tries them. */
  readonly fromRules: ReadonlyMap<Address, readonly PolicyRule[]>
  /** `from all to A lookup T`. */
  readonly toRules: ReadonlyMap<Address, readonly PolicyRule[]>
  /** `from all iif X lookup T`. */
  readonly inRules: ReadonlyMap<string, readonly PolicyRule[]>
  /** Default routes of each table, best first. */
  readonly defaultRoutes: ReadonlyMap<TableId, readonly Route[]>
  /** The node's own addresses, loopback left out, and where each was read. */
  readonly ownAddresses: ReadonlyMap<Address, OwnAddress>
}

export interface OwnAddress extends Evidence {
  readonly interface: string
}

const FAMILIES: readonly Family[] = [4, 6]

export function indexRouting(state: NodeState): RoutingIndex {
  const hostRoutes = new Map<Address, Route[]>()
  const fromRules = new Map<Address, PolicyRule[]>()
  const toRules = new Map<Address, PolicyRule[]>()
  const inRules = new Map<string, PolicyRule[]>()
  const defaultRoutes = new Map<TableId, Route[]>()
  for (const family of FAMILIES) {
    for (const route of state.routing[family].routes ?? []) {
      if (route.destination.length === 0 && route.type === 'unicast') append(defaultRoutes, route.table, route)
      else if (isHostRoute(route)) append(hostRoutes, route.destination.address, route)
    }
    for (const rule of state.routing[family].rules ?? []) {
      if (rule.not || rule.action.kind !== 'lookup') continue
      const from = hostOf(rule.from)
      const to = hostOf(rule.to)
      if (from !== null) append(fromRules, from, rule)
      else if (rule.from === null && to !== null) append(toRules, to, rule)
      else if (rule.from === null && rule.to === null && rule.iif !== null) append(inRules, rule.iif.name, rule)
    }
  }
  for (const routes of defaultRoutes.values()) routes.sort((a, b) => a.metric - b.metric)
  return {hostRoutes, fromRules, toRules, inRules, defaultRoutes, ownAddresses: ownAddresses(state)}
}

/** Of a family, in a table: the default route that wins. */
export function defaultRoute(index: RoutingIndex, table: TableId, family: Family = 4): Route | null {
  return index.defaultRoutes.get(table)?.find(route => route.family === family) ?? null
}

/** Of main, IPv4 before IPv6: by it the node reaches the world. */
export function mainDefaultRoute(index: RoutingIndex): Route | null {
  return defaultRoute(index, TABLE_MAIN, 4) ?? defaultRoute(index, TABLE_MAIN, 6)
}

export function interfaceOf(route: Route | null): string | null {
  return route?.nextHops[0]?.interface ?? null
}

export function tableOf(rule: PolicyRule): TableId | null {
  return rule.action.kind === 'lookup' ? rule.action.table : null
}

function ownAddresses(state: NodeState): Map<Address, OwnAddress> {
  const own = new Map<Address, OwnAddress>()
  for (const {address, interface: name, source, text} of state.addresses ?? []) {
    if (!isLoopback(address)) own.set(address, {interface: name, source, text})
  }
  for (const family of FAMILIES) {
    for (const route of state.routing[family].routes ?? []) {
      const {address} = route.destination
      const name = interfaceOf(route)
      if (route.type !== 'local' || route.table !== TABLE_LOCAL || name === null) continue
      if (hostOf(route.destination) === null || isLoopback(address) || own.has(address)) continue
      own.set(address, {interface: name, source: route.source, text: route.text})
    }
  }
  return own
}

function isHostRoute(route: Route): boolean {
  const [hop] = route.nextHops
  return route.type === 'unicast' && hostOf(route.destination) !== null && hop?.gateway === null
}

function hostOf(prefix: Prefix | null): Address | null {
  return prefix !== null && prefix.length === addressBits(prefix.family) ? prefix.address : null
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
