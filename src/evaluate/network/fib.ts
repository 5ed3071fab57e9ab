import {type Address, addressBits, and, type Family, netmask} from '../../net/index.js'
import type {Route, TableId} from '../../model/index.js'

/**
 * One FIB table, by prefix length. Inside a prefix the kernel's order: tos from high to low, then metric from low to high, then as listed
 * (fib_find_alias in net/ipv4/fib_trie.c).
 */
export class FibTable {
  readonly id: TableId
  readonly #lengths: number[] = []
  readonly #masks: Address[] = []
  readonly #byLength: Map<Address, Route[]>[] = []
  readonly #routes: readonly Route[]

  constructor(id: TableId, family: Family, routes: readonly Route[]) {
    this.id = id
    this.#routes = routes
    const byLength = new Map<number, Map<Address, Route[]>>()
    for (const route of routes) {
      const {length, address} = route.destination
      let prefixes = byLength.get(length)
      if (prefixes === undefined) byLength.set(length, (prefixes = new Map<Address, Route[]>()))
      const list = prefixes.get(address)
      if (list === undefined) prefixes.set(address, [route])
      else list.push(route)
    }
    for (let length: number = addressBits(family); length >= 0; length--) {
      const prefixes = byLength.get(length)
      if (prefixes === undefined) continue
      for (const [address, list] of prefixes) {
        if (list.length > 1) prefixes.set(address, family === 6 ? bySource(list) : list.sort(kernelOrder))
      }
      this.#lengths.push(length)
      this.#masks.push(netmask(family, length))
      this.#byLength.push(prefixes)
    }
  }

  get routes(): readonly Route[] {
    return this.#routes
  }

  /** Routes to everywhere, in the order in which they are tried. */
  get defaults(): readonly Route[] {
    const last = this.#lengths.length - 1
    const prefixes = this.#lengths[last] === 0 ? this.#byLength[last]?.values() : undefined
    return prefixes?.next().value ?? []
  }

  /**
   * Offers the routes that cover a destination, longest prefix first, until `accept` takes one.
   * @param arrange another order among routes to one prefix
   * @returns what `accept` returned, or null where it took none
   */
  find<T>(
    destination: Address,
    accept: (route: Route) => T | null,
    arrange: ((routes: readonly Route[]) => readonly Route[]) | null = null,
  ): T | null {
    for (let i = 0; i < this.#lengths.length; i++) {
      const list = this.#byLength[i]?.get(and(destination, this.#masks[i] as Address))
      if (list === undefined) continue
      for (const route of arrange === null || list.length === 1 ? list : arrange(list)) {
        const taken = accept(route)
        if (taken !== null) return taken
      }
    }
    return null
  }
}

/** IPv6 keeps routes by source in a tree of their own (CONFIG_IPV6_SUBTREES), which hides the routes for all sources to the same prefix. */
function bySource(list: Route[]): Route[] {
  const specific = list.filter(({from}) => from !== null)
  if (specific.length === 0) return list.sort(kernelOrder)
  return specific.sort((a, b) => (b.from?.length ?? 0) - (a.from?.length ?? 0) || kernelOrder(a, b))
}

function kernelOrder(a: Route, b: Route): number {
  return b.tos - a.tos || a.metric - b.metric
}
