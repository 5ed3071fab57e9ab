import {type Address, addressBits, type Prefix} from '../../net/index.js'
import type {PolicyRule} from '../../model/index.js'
import {PositionIndex} from '../positionIndex.js'

/** Fewer rules than this are asked one by one. */
const INDEXED_FROM = 12

/**
 * Policy rules by the one address that they are for: a node has two rules a pod, and a packet is of at most two pods. The index only leaves
 * out rules that cannot match; the order of the rest is kept.
 */
export class RuleIndex {
  readonly rules: readonly PolicyRule[]
  readonly #bySource = new PositionIndex<Address>()
  readonly #byDestination = new PositionIndex<Address>()
  readonly #others = new PositionIndex<null>()
  readonly #indexed: boolean

  constructor(rules: readonly PolicyRule[]) {
    this.rules = rules
    this.#indexed = rules.length >= INDEXED_FROM
    if (!this.#indexed) return
    for (const [position, rule] of rules.entries()) {
      const destination = hostOf(rule, rule.to)
      const source = destination === null ? hostOf(rule, rule.from) : null
      if (destination !== null) this.#byDestination.add(destination, position)
      else if (source !== null) this.#bySource.add(source, position)
      else this.#others.add(null, position)
    }
  }

  /** The first rule at or behind `from` that may match; the number of rules where none may. */
  next(from: number, source: Address, destination: Address): number {
    if (!this.#indexed) return from
    const none = this.rules.length
    return Math.min(
      this.#others.next(null, from, none),
      this.#byDestination.next(destination, from, none),
      this.#bySource.next(source, from, none),
    )
  }
}

/** The address that a rule is for alone; an inverted one is for all others. */
function hostOf({not}: PolicyRule, prefix: Prefix | null): Address | null {
  return !not && prefix?.length === addressBits(prefix?.family ?? 4) ? prefix.address : null
}
