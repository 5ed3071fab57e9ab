import {type Address, type Family, IPV4_ANY} from '../../net/index.js'
import {
  type Neighbour,
  type NodeState,
  type PolicyRule,
  type Route,
  TABLE_DEFAULT,
  TABLE_LOCAL,
  TABLE_MAIN,
  type TableId,
} from '../../model/index.js'
import {FibTable} from './fib.js'
import {Interfaces} from './interfaces.js'
import {deriveLocalTable, type LocalTableOrigin} from './localTable.js'
import {RuleIndex} from './ruleIndex.js'
import {Sysctls} from './sysctls.js'

/** The routing of one family, ready for lookups. */
export interface FamilyRouting {
  readonly family: Family
  /** Null: no `ip rule` in the capture. */
  readonly rules: RuleIndex | null
  readonly tables: ReadonlyMap<TableId, FibTable>
  readonly localTableOrigin: LocalTableOrigin
  /** True where any rule differs from the kernel's own three: the kernel then never takes its short cuts. */
  readonly customRules: boolean
  readonly usesRealms: boolean
  /** True where the table's content is known, be it empty. */
  isListed(table: TableId): boolean
}

/** Everything below netfilter: interfaces, sysctls, routing and neighbours. */
export class Network {
  readonly interfaces: Interfaces
  readonly sysctls: Sysctls
  readonly #routing: Record<Family, FamilyRouting>
  readonly #neighbours = new Map<string, Map<Address, Neighbour>>()
  readonly neighboursListed: boolean
  /** Host routes to a device without a gateway: where a pod's own packets come in. */
  readonly #attached = new Map<Address, {interface: string; route: Route}>()

  constructor(node: NodeState) {
    this.interfaces = new Interfaces(node)
    this.sysctls = new Sysctls(node.sysctl)
    this.neighboursListed = node.neighbours !== null
    this.#routing = {4: compileFamily(node, 4, this.sysctls), 6: compileFamily(node, 6, this.sysctls)}
    for (const neighbour of node.neighbours ?? []) {
      if (neighbour.interface !== null && !neighbour.proxy) {
        const known = this.#neighbours.get(neighbour.interface)
        if (known === undefined) this.#neighbours.set(neighbour.interface, new Map([[neighbour.address, neighbour]]))
        else known.set(neighbour.address, neighbour)
      }
    }
    for (const family of [4, 6] as const) this.#indexAttached(node.routing[family].routes ?? [])
  }

  routing(family: Family): FamilyRouting {
    return this.#routing[family]
  }

  neighbour(device: string, address: Address): Neighbour | null {
    return this.#neighbours.get(device)?.get(address) ?? null
  }

  /** The interface behind which an address stands by a host route without gateway, or null. */
  attachedTo(address: Address): {interface: string; route: Route} | null {
    return this.#attached.get(address) ?? null
  }

  #indexAttached(routes: readonly Route[]): void {
    for (const route of routes) {
      const hop = route.nextHops[0]
      const host = route.family === 4 ? 32 : 128
      if (route.type !== 'unicast' || route.destination.length !== host || hop === undefined) continue
      if (hop.gateway !== null || hop.interface === null || route.table === TABLE_LOCAL) continue
      const known = this.#attached.get(route.destination.address)
      // gateways stand as host routes in ENI tables too; the main table decides where both exist
      if (known === undefined || (known.route.table !== TABLE_MAIN && route.table === TABLE_MAIN)) {
        this.#attached.set(route.destination.address, {interface: hop.interface, route})
      }
    }
  }
}

function compileFamily(node: NodeState, family: Family, sysctls: Sysctls): FamilyRouting {
  const {rules, routes, listedTables} = node.routing[family]
  const forwarding = sysctls.all(family, 'forwarding', 1) !== 0
  const local = deriveLocalTable(node, family, forwarding)
  const byTable = new Map<TableId, Route[]>([[TABLE_LOCAL, [...local.routes]]])
  for (const route of routes ?? []) {
    if (route.table === TABLE_LOCAL || route.attributes.has('cache')) continue
    const list = byTable.get(route.table)
    if (list === undefined) byTable.set(route.table, [route])
    else list.push(route)
  }
  const tables = new Map([...byTable].map(([id, list]) => [id, new FibTable(id, family, list)] as const))
  return {
    family,
    rules: rules === null ? null : new RuleIndex(rules),
    tables,
    localTableOrigin: local.origin,
    customRules: rules === null || rules.some(rule => !isKernelRule(rule)),
    usesRealms:
      rules?.some(rule => /\brealms?\b/.test(rule.text)) === true ||
      routes?.some(({attributes}) => attributes.has('realm') || attributes.has('realms')) === true,
    isListed: table => table === TABLE_LOCAL || listedTables === 'all' || listedTables.has(table) || tables.has(table),
  }
}

function isKernelRule(rule: PolicyRule): boolean {
  if (
    rule.not ||
    rule.from !== null ||
    rule.to !== null ||
    rule.fwmark !== null ||
    rule.iif !== null ||
    rule.oif !== null
  )
    return false
  if (rule.action.kind !== 'lookup' || rule.tos !== 0) return false
  const {table} = rule.action
  return (
    (rule.priority === 0 && table === TABLE_LOCAL) ||
    (rule.priority === 32766 && table === TABLE_MAIN) ||
    (rule.priority === 32767 && table === TABLE_DEFAULT)
  )
}

/** 0.0.0.0/8: "this network", which no packet on the wire may carry. */
export function isZeroNet(address: Address): boolean {
  return typeof address === 'number' && address >>> 24 === IPV4_ANY
}

/** 255.255.255.255. */
export function isLimitedBroadcast(address: Address): boolean {
  return address === 0xffffffff
}
