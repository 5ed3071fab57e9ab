import {type Address, ipv4} from '../../net/index.js'
import type {Chain, IpSet, IptablesRuleset, Match, RuleSketch} from '../../model/index.js'
import {firstFrom, PositionIndex} from '../positionIndex.js'
import type {Packet} from '../walk/packet.js'
import {type CompiledRule, compileRule, compileSketch, ruleOf, type Surroundings} from './compiledRule.js'
import {writesLists} from './recent.js'

/** From this many rules on a chain gets an index. */
const INDEXED_FROM = 12

/**
 * A chain ready to be walked. Its rules are parsed and compiled when a walk first enters it, and a long chain is indexed by exact destination
 * address and port, so that a pass through KUBE-SERVICES is a look-up. The index only leaves out rules that cannot match; order is kept.
 */
export class CompiledChain {
  readonly name: string
  readonly policy: 'ACCEPT' | 'DROP' | null
  readonly chain: Chain
  readonly length: number
  readonly #surroundings: Surroundings
  readonly #compiled: (CompiledRule | undefined)[] = []
  #index: ChainIndex | null | undefined

  constructor(chain: Chain, table: string, ruleset: IptablesRuleset, sets: ReadonlyMap<string, IpSet> | null) {
    this.name = chain.name
    this.policy = chain.policy
    this.chain = chain
    this.length = chain.ruleCount
    this.#surroundings = {ruleset, table, chain, sets}
  }

  /** @param position from 0 */
  rule(position: number): CompiledRule {
    return (this.#compiled[position] ??= this.#compile(position))
  }

  /** The first rule at or after `position` that may match; the chain's length where none may. */
  next(position: number, packet: Packet): number {
    if (this.#index === undefined) this.#index = this.length < INDEXED_FROM ? null : new ChainIndex(this.chain)
    return this.#index === null ? position : this.#index.next(position, packet)
  }

  #compile(position: number): CompiledRule {
    const {chain} = this
    if (this.length < INDEXED_FROM) return this.#compileAll()[position] as CompiledRule
    const sketch = chain.sketch?.(position) ?? null
    return sketch === null
      ? compileRule(this.#surroundings, ruleOf(chain, position))
      : compileSketch(this.#surroundings, position, sketch)
  }

  /** Where one rule has to be read, a short chain is read as a whole: what cannot be read of its other rules is told, too. */
  #compileAll(): readonly (CompiledRule | undefined)[] {
    const {chain} = this
    for (let position = 0; position < this.length; position++) {
      const sketch = chain.sketch?.(position) ?? null
      if (sketch === null) {
        for (const [i, rule] of chain.rules.entries()) this.#compiled[i] = compileRule(this.#surroundings, rule)
        break
      }
      this.#compiled[position] = compileSketch(this.#surroundings, position, sketch)
    }
    return this.#compiled
  }
}

/** Positions of rules by what they ask of the destination. */
class ChainIndex {
  readonly #byAddress = new PositionIndex<Address>()
  readonly #byPort = new PositionIndex<number>()
  readonly #others: number[] = []
  readonly #length: number

  constructor(chain: Chain) {
    this.#length = chain.ruleCount
    for (let position = 0; position < chain.ruleCount; position++) {
      const sketch = chain.sketch?.(position) ?? null
      const {address, port} = sketch === null ? asked(ruleOf(chain, position).matches) : askedBy(sketch)
      if (address !== null) this.#byAddress.add(address, position)
      else if (port !== null) this.#byPort.add(port, position)
      else this.#others.push(position)
    }
  }

  next(position: number, {destination, destinationPort}: Packet): number {
    const none = this.#length
    return Math.min(
      firstFrom(this.#others, position, none),
      this.#byAddress.next(destination, position, none),
      // an open port may be any: all rules that ask for one are candidates
      destinationPort === null
        ? this.#byPort.nextOfAny(position, none)
        : this.#byPort.next(destinationPort, position, none),
    )
  }
}

/** The one destination that a rule is for; null: any. */
interface Asked {
  readonly address: Address | null
  readonly port: number | null
}

function askedBy({destination, destinationMask, notDestination, destinationPort}: RuleSketch): Asked {
  return {address: destinationMask === -1 && !notDestination ? ipv4(destination) : null, port: destinationPort}
}

function asked(matches: readonly Match[]): Asked {
  return {address: exactDestination(matches), port: exactPort(matches)}
}

function exactDestination(matches: readonly Match[]): Address | null {
  for (const match of matches) {
    if (match.kind !== 'destination' || match.negated || !('length' in match.prefix)) continue
    if (match.prefix.length === (match.prefix.family === 4 ? 32 : 128)) return match.prefix.address
  }
  return null
}

function exactPort(matches: readonly Match[]): number | null {
  for (const match of matches) {
    if (writesLists(match)) return null // it does so before the port is asked
    if (match.kind === 'destination-port' && !match.negated && match.range.min === match.range.max)
      return match.range.min
  }
  return null
}
