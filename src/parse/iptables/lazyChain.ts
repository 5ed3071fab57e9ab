import type {Chain, ChainRule, RuleSketch, SourceRef} from '../../model/index.js'

/** Reads the rules of chains out of the text they stand in. */
export interface RuleSource {
  /** @param id of the rule in the line index  @param number its place in its chain, from 1 */
  readRule(id: number, chain: string, number: number): ChainRule
  /** The rule's line without its line end. */
  readLine(id: number): string
  nextRule(id: number): number
  /** Null: the rule has to be read. */
  sketchRule(id: number, chain: string): RuleSketch | null
  /** Can the rule only be understood together with the others of its chain? */
  needsChain(rule: ChainRule): boolean
  /** Called with all rules of a chain, some of which may need each other. */
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
  /** Rules that were asked for one by one. */
  #read: (ChainRule | undefined)[] = []
  #ids: Int32Array | undefined

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

  rule(position: number): ChainRule {
    if (this.#parsed !== undefined) return this.#parsed[position] as ChainRule
    const rule = (this.#read[position] ??= this.#rules.readRule(this.#id(position), this.name, position + 1))
    return this.#rules.needsChain(rule) ? (this.rules[position] as ChainRule) : rule
  }

  sketch(position: number): RuleSketch | null {
    return this.#rules.sketchRule(this.#id(position), this.name)
  }

  #id(position: number): number {
    if (this.#ids === undefined) {
      this.#ids = new Int32Array(this.ruleCount)
      for (let id = this.first, i = 0; id >= 0; id = this.#rules.nextRule(id)) this.#ids[i++] = id
    }
    return this.#ids[position] as number
  }

  #parse(): readonly ChainRule[] {
    const rules: ChainRule[] = []
    for (let id = this.first; id >= 0; id = this.#rules.nextRule(id))
      rules.push(this.#read[rules.length] ?? this.#rules.readRule(id, this.name, rules.length + 1))
    this.#read = []
    return this.#rules.repair(this.name, rules)
  }
}
