import type {Chain, IptablesTable, SourceRef} from '../../model/index.js'
import {LazyChain} from './lazyChain.js'
import type {SaveRules} from './saveRules.js'

/** A table while its lines are being found. */
export class TableBuilder implements IptablesTable {
  name: string
  readonly source: SourceRef
  readonly chains = new Map<string, LazyChain>()
  /** Printed by `iptables -S`: no `*name`, no COMMIT. */
  readonly listed: boolean
  committed = false
  /** `# Completed on …` stands behind it: nothing is missing, even without COMMIT. */
  completed = false
  /** The chain that the last rule belongs to. */
  current: LazyChain | null = null
  readonly #rules: SaveRules

  constructor(name: string, source: SourceRef, listed: boolean, rules: SaveRules) {
    this.name = name
    this.source = source
    this.listed = listed
    this.#rules = rules
    rules.hasChain = chain => this.chains.has(chain)
  }

  chain(name: string): LazyChain {
    let chain = this.chains.get(name)
    if (chain === undefined) this.chains.set(name, (chain = new LazyChain(name, this.#rules)))
    return chain
  }

  /**
   * The text ends inside the table. Rules are printed in the order of the chains: those from the last one on may lack some.
   * @param midline in the middle of its last line
   */
  markCut(source: SourceRef, midline: boolean): void {
    let open = this.current === null
    for (const chain of this.chains.values()) {
      if (chain === this.current) open = true
      if (open) chain.cut = source
    }
    if (midline) this.markWrapped()
  }

  /** The last rule's line is only a part of it. */
  markWrapped(): void {
    if (this.current !== null) this.#rules.cut.add(this.current.last)
  }
}

/** The same chains with the same policies and the same rule lines, counters aside. */
export function sameTable(a: TableBuilder, b: TableBuilder): boolean {
  if (a.chains.size !== b.chains.size) return false
  for (const [name, chain] of a.chains) {
    const other = b.chains.get(name)
    if (other?.policy !== chain.policy || other.ruleCount !== chain.ruleCount) return false
    const lines = other.lines()
    for (const line of chain.lines())
      if (withoutCounters(line) !== withoutCounters(lines.next().value as string)) return false
  }
  return true
}

function withoutCounters(line: string): string {
  return line.slice(line.indexOf('-A'))
}

/**
 * The table of an `iptables -S`, by the built-in chains whose policies it lists. `security` has the chains of `filter`, and nobody lists it
 * without saying so.
 */
export function tableOfPolicies(chains: Iterable<Chain>): string | null {
  const builtin = new Set<string>()
  for (const chain of chains) if (chain.policy !== null) builtin.add(chain.name)
  if (builtin.has('POSTROUTING')) return builtin.has('FORWARD') ? 'mangle' : 'nat'
  if (builtin.has('PREROUTING')) return 'raw'
  return builtin.has('FORWARD') ? 'filter' : null
}
