import {
  type Chain,
  type ChainRule,
  HEADER_FIELDS,
  type IpSet,
  type IptablesRuleset,
  type Match,
  type RuleHeader,
  type RuleSketch,
  type Target,
} from '../../model/index.js'
import type {Wanted} from '../nat/bind.js'
import {wantedOf} from '../nat/targets.js'
import type {CompiledChain} from './compiledChain.js'
import {compileMatch, oddsOf, oddsTest, portTest} from './compileMatch.js'
import {NO_HEADER, splitHeader} from './header.js'
import {writesLists} from './recent.js'
import type {Test} from './test.js'

/** What a rule is compiled in. */
export interface Surroundings {
  readonly ruleset: IptablesRuleset
  readonly table: string
  readonly chain: Chain
  /** Null: the capture has no ipset listing. */
  readonly sets: ReadonlyMap<string, IpSet> | null
}

/** A rule ready to be asked. What is compared stands in it, not behind it: most rules that a walk meets it meets for the first time. */
export class CompiledRule implements RuleHeader {
  /** Does it ask anything of the header? */
  readonly asks: boolean
  readonly source: number
  readonly sourceMask: number
  readonly notSource: boolean
  readonly destination: number
  readonly destinationMask: number
  readonly notDestination: boolean
  readonly protocol: number
  readonly notProtocol: boolean
  readonly inInterface: RuleHeader['inInterface']
  readonly outInterface: RuleHeader['outInterface']
  readonly kind: Target['kind']
  /** `-m statistic --mode random`, where the rule asks nothing else behind its header: how probable it is that it holds. Otherwise null. */
  readonly odds: number | null
  /** What the header does not hold. */
  readonly tests: readonly Test[]
  /** Does one of them change lists of `-m recent`? Then they are to be asked in their order. */
  readonly writes: boolean
  /** The chain that the target jumps to, once a walk has looked it up. */
  entered: CompiledChain | null = null
  /** What DNAT and SNAT ask for; null for other targets. */
  readonly wanted: Wanted | null
  readonly target: Target
  readonly #surroundings: Surroundings
  readonly #position: number
  readonly #asked: readonly Match[] | null
  #rule: ChainRule | null = null

  /** @param asked the match of each test; null: as in the rule, which is read when somebody wants to know */
  constructor(
    surroundings: Surroundings,
    position: number,
    header: RuleHeader,
    tests: readonly Test[],
    odds: number | null,
    target: Target,
    asked: readonly Match[] | null,
  ) {
    this.asks = header !== NO_HEADER
    this.source = header.source
    this.sourceMask = header.sourceMask
    this.notSource = header.notSource
    this.destination = header.destination
    this.destinationMask = header.destinationMask
    this.notDestination = header.notDestination
    this.protocol = header.protocol
    this.notProtocol = header.notProtocol
    this.inInterface = header.inInterface
    this.outInterface = header.outInterface
    this.kind = target.kind
    this.odds = odds
    this.tests = tests
    this.writes = tests.some(test => test.lists === 'writes')
    this.wanted = target.kind === 'dnat' || target.kind === 'snat' ? wantedOf(target) : null
    this.target = target
    this.#surroundings = surroundings
    this.#position = position
    this.#asked = asked
  }

  get rule(): ChainRule {
    return (this.#rule ??= ruleOf(this.#surroundings.chain, this.#position))
  }

  /** The match of each test, for the reason of a miss. */
  get matches(): readonly Match[] {
    return this.#asked ?? this.rule.matches.filter(({kind}) => SKETCHED.has(kind))
  }
}

/** What a sketch makes a test of. */
const SKETCHED: ReadonlySet<Match['kind']> = new Set(['destination-port', 'statistic-random'])

/** @param position of the rule in its chain, from 0 */
export function ruleOf(chain: Chain, position: number): ChainRule {
  return chain.rule?.(position) ?? (chain.rules[position] as ChainRule)
}

export function compileRule(surroundings: Surroundings, rule: ChainRule): CompiledRule {
  const {ruleset, table, chain, sets} = surroundings
  const {header, others} = ruleset.family === 4 ? splitHeader(rule.matches) : {header: NO_HEADER, others: rule.matches}
  const key = (match: Match) => (): string =>
    `${ruleset.backend} ${table} ${chain.name} ${rule.number} ${rule.matches.indexOf(match)}`
  const tests: Test[] = []
  const asked: Match[] = []
  for (const match of inKernelOrder(others)) {
    const test = compileMatch(match, {sets, key: key(match)})
    if (test === null) continue
    tests.push(test)
    asked.push(match)
  }
  const [only] = asked
  const odds = asked.length === 1 && only?.kind === 'statistic-random' ? oddsOf(only.probability, only.negated) : null
  return new CompiledRule(surroundings, rule.number - 1, header, tests, odds, rule.target, asked)
}

/** The kernel asks for what every rule has a field for first (ip_packet_match), which counts where others change something when asked. */
function inKernelOrder(matches: readonly Match[]): readonly Match[] {
  if (!matches.some(writesLists)) return matches
  return [
    ...matches.filter(({kind}) => HEADER_FIELDS.has(kind)),
    ...matches.filter(({kind}) => !HEADER_FIELDS.has(kind)),
  ]
}

/** @param position of the rule in its chain, from 0 @param sketch with a target */
export function compileSketch(surroundings: Surroundings, position: number, sketch: RuleSketch): CompiledRule {
  const {probability, destinationPort: port, target} = sketch
  const odds = probability === null ? null : oddsOf(probability, false)
  const tests: Test[] = []
  if (port !== null) tests.push(portTest('destination', port, port, false))
  if (odds !== null) tests.push(oddsTest(odds))
  return new CompiledRule(surroundings, position, sketch, tests, port === null ? odds : null, target as Target, null)
}
