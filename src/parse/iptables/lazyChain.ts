import type {Chain, ChainRule, SourceRef} from '../../model/index.js'

/** Reads the rules of chains out of the text they stand in. */
export interface RuleSource {
  /** @param id of the rule in the line index  @param number its place in its chain, from 1 */
  readRule(id: number, chain: string, number: number): ChainRule
  /** The rule's line without its line end. */
  readLine(id: number): string
  nextRule(id: number): number
  /** Called with all rules of a chain: some can only be understood together. */
  repair(chain: string, rules: readonly ChainRule[]): readonly ChainRule[]
}

/** A chain whose rules are parsed when they are first asked for. */
export class LazyChain implements Chain {
  readonly name: string
  policy: Chain['policy'] = null
  source: SourceRef | null = null
  text = ''
  ruleCount = 0
  /** Ids in the line index; negative: the chain has no rules. */
  first = -1
  last = -1
  cut?: SourceRef
  readonly #rules: RuleSource
  #parsed: readonly ChainRule[] | undefined

  constructor(name: string, rules: RuleSource) {
    this.name = name
    this.#rules = rules
  }

  get rules(): readonly ChainRule[] {
    return (this.#parsed ??= this.#parse())
  }

  /** The lines of the rules, unparsed. */
  *lines(): Generator<string> {
    for (let id = this.first; id >= 0; id = this.#rules.nextRule(id)) yield this.#rules.readLine(id)
  }

  #parse(): readonly ChainRule[] {
    const rules: ChainRule[] = []
    for (let id = this.first; id >= 0; id = this.#rules.nextRule(id))
      rules.push(this.#rules.readRule(id, this.name, rules.length + 1))
    return this.#rules.repair(this.name, rules)
  }
}
