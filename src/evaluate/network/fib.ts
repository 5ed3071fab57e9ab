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
      for (const list of prefixes.values()) if (list.length > 1) list.sort(kernelOrder)
      this.#lengths.push(length)
      this.#masks.push(netmask(family, length))
      this.#byLength.push(prefixes)
    }
  }

  get routes(): readonly Route[] {
    return this.#routes
  }

  /**
   * Offers the routes that cover a destination, longest prefix first, until `accept` takes one.
   * @returns what `accept` returned, or null where it took none
   */
  find<T>(destination: Address, accept: (route: Route) => T | null): T | null {
    for (let i = 0; i < this.#lengths.length; i++) {
      const list = this.#byLength[i]?.get(and(destination, this.#masks[i] as Address))
      if (list === undefined) continue
      for (const route of list) {
        const taken = accept(route)
        if (taken !== null) return taken
      }
    }
    return null
  }
}

function kernelOrder(a: Route, b: Route): number {
  return b.tos - a.tos || a.metric - b.metric
}
