import type {Address, Family} from '../../net/index.js'
import {type InterfaceAddress, type Link, type NodeState, type Route, TABLE_LOCAL} from '../../model/index.js'

/** The node's interfaces and their addresses, in kernel order (ifindex), `lo` first. */
export class Interfaces {
  /** True where the capture lists interfaces; otherwise names are only known from routes and rules. */
  readonly listed: boolean
  /** True where the capture lists addresses. */
  readonly addressesListed: boolean
  readonly #links = new Map<string, Link>()
  readonly #addresses = new Map<string, InterfaceAddress[]>()
  readonly #order: string[]

  constructor(node: NodeState) {
    this.listed = node.links !== null
    this.addressesListed = node.addresses !== null
    for (const link of node.links ?? []) {
      this.#links.set(link.name, link)
      for (const name of link.alternativeNames) if (!this.#links.has(name)) this.#links.set(name, link)
    }
    for (const address of node.addresses ?? impliedAddresses(node)) {
      const list = this.#addresses.get(address.interface)
      if (list === undefined) this.#addresses.set(address.interface, [address])
      else list.push(address)
    }
    const links = [...(node.links ?? [])].sort((a, b) => (a.index ?? 1e9) - (b.index ?? 1e9))
    this.#order = links.length > 0 ? links.map(link => link.name) : [...this.#addresses.keys()]
  }

  link(name: string): Link | null {
    return this.#links.get(name) ?? null
  }

  /** False only where interfaces are listed and this is none of them. */
  mayExist(name: string): boolean {
    return !this.listed || this.#links.has(name) || name === 'lo'
  }

  names(): readonly string[] {
    return this.#order
  }

  /** Addresses of one interface in listing order, which is the kernel's. */
  addresses(name: string, family: Family): InterfaceAddress[] {
    return (this.#addresses.get(name) ?? []).filter(address => address.family === family)
  }

  *allAddresses(family: Family): Generator<InterfaceAddress> {
    for (const name of this.#order) yield* this.addresses(name, family)
  }

  /** The interface that holds an address as its own, or null. */
  owner(address: Address): string | null {
    for (const list of this.#addresses.values()) {
      for (const own of list) if (own.address === address) return own.interface
    }
    return null
  }

  /** Enslaved to a bridge: physdev then has an answer that is not modelled. */
  isBridgePort(name: string): boolean {
    const link = this.link(name)
    return link?.master != null
  }
}

/**
 * Addresses that routes give away where the capture has no `ip addr`: `local A dev X` of a listed local table, and `src A` of a route on the
 * link, whose prefix is the address' subnet.
 */
function impliedAddresses(node: NodeState): InterfaceAddress[] {
  const found = new Map<string, InterfaceAddress>()
  for (const family of [4, 6] as const) {
    for (const route of node.routing[family].routes ?? []) {
      const implied = impliedBy(route, family)
      if (implied === null) continue
      const key = `${implied.interface} ${String(implied.address)}`
      const known = found.get(key)
      if (known === undefined || known.prefixLength > implied.prefixLength) found.set(key, implied)
    }
  }
  return [...found.values()]
}

function impliedBy(route: Route, family: Family): InterfaceAddress | null {
  const hop = route.nextHops[0]
  const host = family === 4 ? 32 : 128
  if (hop?.interface == null || hop.gateway !== null) return null
  const local = route.type === 'local' && route.table === TABLE_LOCAL && route.destination.length === host
  const address = local ? route.destination.address : route.type === 'unicast' ? route.preferredSource : null
  if (address === null) return null
  return {
    family,
    interface: hop.interface,
    address,
    prefixLength: local ? host : route.destination.length,
    peer: null,
    broadcast: null,
    scope: hop.interface === 'lo' ? 'host' : 'global',
    secondary: false,
    deprecated: false,
    tentative: false,
    source: route.source,
    text: route.text,
  }
}
