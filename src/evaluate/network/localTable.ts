import {
  type Address,
  contains,
  defaultPrefix,
  type Family,
  hostPrefix,
  IPV4_LOOPBACK,
  IPV6_LOOPBACK,
  isMulticast,
  lastAddress,
  makePrefix,
  parsePrefix,
  type Prefix,
} from '../../net/index.js'
import {
  type Evidence,
  type InterfaceAddress,
  type NodeState,
  type Route,
  type RouteType,
  TABLE_LOCAL,
} from '../../model/index.js'

/** Where the content of the local table was taken from when no listing has it. */
export type LocalTableOrigin = 'listed' | 'addresses' | 'hints'

export interface LocalTable {
  readonly routes: readonly Route[]
  readonly origin: LocalTableOrigin
}

const LOOPBACK_EVIDENCE: Evidence = {source: {document: '(kernel default)', line: 0}, text: 'local 127.0.0.0/8 dev lo'}
const LOOPBACK6_EVIDENCE: Evidence = {source: {document: '(kernel default)', line: 0}, text: 'local ::1 dev lo'}

/**
 * The local table as the kernel keeps it: as listed; else what it makes of the interface addresses (fib_add_ifaddr in
 * net/ipv4/fib_frontend.c); else the node's addresses as other lines give them away: `src` hints and SNAT targets.
 */
export function deriveLocalTable(node: NodeState, family: Family, forwarding: boolean): LocalTable {
  const routing = node.routing[family]
  const listed = (routing.routes ?? []).filter(route => route.table === TABLE_LOCAL)
  if (routing.localTableListed) return {routes: listed, origin: 'listed'}
  if (node.addresses !== null) {
    const made = node.addresses
      .filter(address => address.family === family)
      .flatMap(address => (family === 4 ? localRoutes4(address, node) : localRoutes6(address, forwarding)))
    return {routes: [...listed, ...withLoopback(made, family)], origin: 'addresses'}
  }
  const hinted = hintedAddresses(node, family).map(({address, device, evidence}) =>
    makeRoute('local', hostPrefix(address), device, evidence, address),
  )
  return {routes: [...listed, ...withLoopback(hinted, family)], origin: 'hints'}
}

function localRoutes4(address: InterfaceAddress, node: NodeState): Route[] {
  const device = address.interface
  const preferred = primaryOf(address, node)
  const localRoute = (type: RouteType, destination: Prefix): Route =>
    makeRoute(type, destination, device, address, preferred)
  const routes = [localRoute('local', hostPrefix(address.address))]
  const link = node.links?.find(candidate => candidate.name === device)
  // no flags at all: the listing did not print them
  if (link !== undefined && link.flags.size > 0 && !link.flags.has('UP')) return routes
  const subnet = makePrefix(address.peer ?? address.address, address.prefixLength)
  if (address.broadcast !== null) routes.push(localRoute('broadcast', hostPrefix(address.broadcast)))
  if (address.secondary || subnet.length === 32) return routes
  if (device === 'lo') routes.push(localRoute('local', subnet))
  if (subnet.length < 31) routes.push(localRoute('broadcast', hostPrefix(lastAddress(subnet))))
  return routes
}

/** ipv6: the address, its subnet-router anycast address while forwarding is on, and the multicast route of the device. */
function localRoutes6(address: InterfaceAddress, forwarding: boolean): Route[] {
  const device = address.interface
  const routes = [makeRoute('local', hostPrefix(address.address), device, address, null)]
  const subnet = makePrefix(address.address, address.prefixLength)
  if (forwarding && device !== 'lo' && subnet.length < 127) {
    routes.push(makeRoute('anycast', hostPrefix(subnet.address), device, address, null))
  }
  return routes
}

function withLoopback(routes: Route[], family: Family): Route[] {
  if (routes.some(route => route.nextHops[0]?.interface === 'lo')) return routes
  const prefix = parsePrefix(family === 4 ? '127.0.0.0/8' : '::1') ?? defaultPrefix(family)
  return [
    ...routes,
    makeRoute(
      'local',
      prefix,
      'lo',
      family === 4 ? LOOPBACK_EVIDENCE : LOOPBACK6_EVIDENCE,
      family === 4 ? IPV4_LOOPBACK : IPV6_LOOPBACK,
    ),
  ]
}

/** The address that stands as `src` in the routes of an address: its own, or for a secondary one that of the primary in its subnet. */
function primaryOf(address: InterfaceAddress, node: NodeState): Address {
  if (!address.secondary) return address.address
  const subnet = makePrefix(address.address, address.prefixLength)
  const primary = node.addresses?.find(
    other =>
      other.interface === address.interface &&
      !other.secondary &&
      other.family === address.family &&
      other.prefixLength === address.prefixLength &&
      contains(subnet, other.address),
  )
  return primary?.address ?? address.address
}

function makeRoute(
  type: RouteType,
  destination: Prefix,
  device: string | null,
  evidence: Evidence,
  preferredSource: Address | null,
): Route {
  return {
    family: destination.family,
    table: TABLE_LOCAL,
    type,
    destination,
    from: null,
    tos: 0,
    metric: 0,
    protocol: 'kernel',
    scope: type === 'local' ? 'host' : 'link',
    preferredSource,
    nextHops: [{gateway: null, interface: device, weight: 1, onlink: false, linkdown: false, dead: false, encap: null}],
    nextHopId: null,
    attributes: new Map(),
    unknown: [],
    source: evidence.source,
    text: evidence.text,
  }
}

interface Hint {
  readonly address: Address
  /** Null: no route tells of which device it is. */
  readonly device: string | null
  readonly evidence: Evidence
}

function hintedAddresses(node: NodeState, family: Family): Hint[] {
  const hints = new Map<Address, Hint>()
  for (const route of node.routing[family].routes ?? []) {
    const device = route.nextHops[0]?.interface
    const address = route.preferredSource
    if (address !== null && device != null && !hints.has(address))
      hints.set(address, {address, device, evidence: route})
  }
  const uplink = node.routing[family].routes?.find(route => route.destination.length === 0)?.nextHops[0]?.interface
  for (const {address, evidence} of snatSources(node, family)) {
    if (!hints.has(address)) hints.set(address, {address, device: uplink ?? null, evidence})
  }
  return [...hints.values()]
}

/** Addresses that SNAT rules near POSTROUTING put on packets: they are the node's, or replies would never come back. */
function snatSources(node: NodeState, family: Family): {address: Address; evidence: Evidence}[] {
  const found: {address: Address; evidence: Evidence}[] = []
  for (const ruleset of node.iptables) {
    const chains = ruleset.family === family ? ruleset.tables.get('nat')?.chains : undefined
    if (chains === undefined) continue
    const seen = new Set<string>()
    const queue = ['POSTROUTING']
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      const chain = chains.get(name)
      if (chain === undefined || seen.has(name) || chain.ruleCount > SMALL_CHAIN) continue
      seen.add(name)
      for (const rule of chain.rules) {
        if (rule.target.kind === 'jump' || rule.target.kind === 'goto') queue.push(rule.target.chain)
        if (rule.target.kind !== 'snat') continue
        const first = rule.target.ranges[0]?.first
        if (first != null && !isMulticast(first)) found.push({address: first, evidence: rule})
      }
    }
  }
  return found
}

/** Chains that hold a node's own SNAT rules are short; kube-proxy's long ones hold none. */
const SMALL_CHAIN = 100
