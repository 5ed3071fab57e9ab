import type {Address} from '../../net/index.js'
import type {Chain, ChainRule, IpSet, IptablesRuleset, Match, Target} from '../../model/index.js'
import {firstFrom, PositionIndex} from '../positionIndex.js'
import type {Packet} from '../walk/packet.js'
import type {Wanted} from '../nat/bind.js'
import {wantedOf} from '../nat/targets.js'
import {compileMatch, oddsOf} from './compileMatch.js'
import {type Header, NO_HEADER, splitHeader} from './header.js'
import type {Test} from './test.js'

/** A rule ready to be asked. What is compared stands in it, not behind it: most rules that a walk meets it meets for the first time. */
export interface CompiledRule extends Header {
  readonly kind: Target['kind']
  /** `-m statistic --mode random`, where the rule asks nothing else behind its header: how probable it is that it holds. Otherwise null. */
  readonly odds: number | null
  /** What the header does not hold. */
  readonly tests: readonly Test[]
  /** The chain that the target jumps to, once a walk has looked it up. */
  entered: CompiledChain | null
  /** What DNAT and SNAT ask for; null for other targets. */
  readonly wanted: Wanted | null
  readonly target: Target
  readonly rule: ChainRule
  /** The match of each test, for the reason of a miss. */
  readonly matches: readonly Match[]
}

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
  readonly #ruleset: IptablesRuleset
  readonly #table: string
  readonly #sets: ReadonlyMap<string, IpSet> | null
  readonly length: number
  readonly #compiled: (CompiledRule | undefined)[] = []
  #index: ChainIndex | null | undefined

  constructor(chain: Chain, table: string, ruleset: IptablesRuleset, sets: ReadonlyMap<string, IpSet> | null) {
    this.name = chain.name
    this.policy = chain.policy
    this.chain = chain
    this.length = chain.ruleCount
    this.#table = table
    this.#ruleset = ruleset
    this.#sets = sets
  }

  /** @param position from 0 */
  rule(position: number): CompiledRule {
    return (this.#compiled[position] ??= this.#compile(this.chain.rules[position] as ChainRule))
  }

  /** The first rule at or after `position` that may match; the chain's length where none may. */
  next(position: number, packet: Packet): number {
    if (this.#index === undefined) this.#index = this.length < INDEXED_FROM ? null : new ChainIndex(this.chain.rules)
    return this.#index === null ? position : this.#index.next(position, packet)
  }

  #compile(rule: ChainRule): CompiledRule {
    const {header, others} =
      this.#ruleset.family === 4 ? splitHeader(rule.matches) : {header: NO_HEADER, others: rule.matches}
    const key = (match: Match) => (): string =>
      `${this.#ruleset.backend} ${this.#table} ${this.name} ${rule.number} ${rule.matches.indexOf(match)}`
    const tests: Test[] = []
    const matches: Match[] = []
    for (const match of others) {
      const test = compileMatch(match, {sets: this.#sets, key: key(match)})
      if (test === null) continue
      tests.push(test)
      matches.push(match)
    }
    const [only] = matches
    const {target} = rule
    return {
      asks: header.asks,
      source: header.source,
      sourceMask: header.sourceMask,
      notSource: header.notSource,
      destination: header.destination,
      destinationMask: header.destinationMask,
      notDestination: header.notDestination,
      protocol: header.protocol,
      notProtocol: header.notProtocol,
      inInterface: header.inInterface,
      outInterface: header.outInterface,
      kind: target.kind,
      odds: matches.length === 1 && only?.kind === 'statistic-random' ? oddsOf(only) : null,
      tests,
      entered: null,
      wanted: target.kind === 'dnat' || target.kind === 'snat' ? wantedOf(target) : null,
      target,
      rule,
      matches,
    }
  }
}

/** Positions of rules by what they ask of the destination. */
class ChainIndex {
  readonly #byAddress = new PositionIndex<Address>()
  readonly #byPort = new PositionIndex<number>()
  readonly #others: number[] = []
  readonly #length: number

  constructor(rules: readonly ChainRule[]) {
    this.#length = rules.length
    for (const [position, {matches}] of rules.entries()) {
      const address = exactDestination(matches)
      const port = address === null ? exactPort(matches) : null
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

function exactDestination(matches: readonly Match[]): Address | null {
  for (const match of matches) {
    if (match.kind !== 'destination' || match.negated || !('length' in match.prefix)) continue
    if (match.prefix.length === (match.prefix.family === 4 ? 32 : 128)) return match.prefix.address
  }
  return null
}

function exactPort(matches: readonly Match[]): number | null {
  for (const match of matches) {
    if (match.kind === 'destination-port' && !match.negated && match.range.min === match.range.max)
      return match.range.min
  }
  return null
}
