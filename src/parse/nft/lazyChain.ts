import type {NftBase, NftChain, NftRule, SourceRef} from '../../model/index.js'

/** Reads a rule out of the text it stands in. */
export type ReadRule = (from: number, to: number, line: number, number: number) => NftRule

/** Adds the rules that stand between two offsets of the text. @param line of the first of them */
export type AddRules = (chain: LazyChain, from: number, to: number, line: number) => void

/** A chain whose rules are looked for and parsed when they are first asked for. */
export class LazyChain implements NftChain {
  readonly name: string
  readonly source: SourceRef
  readonly text: string
  base: NftBase | null = null
  misplaced = false
  cut?: SourceRef
  /** Offsets of the first character and behind the last, and line, of each rule: three numbers a rule. */
  #places: number[] | null = null
  readonly #read: ReadRule
  #addRules: AddRules | null = null
  /** Offsets of the lines between its braces, where nobody has looked at them yet. */
  #from = 0
  #to = 0
  #rules: readonly NftRule[] | undefined

  constructor(name: string, source: SourceRef, text: string, read: ReadRule) {
    this.name = name
    this.source = source
    this.text = text
    this.#read = read
  }

  /** In place of `add` for each rule: they stand between these offsets, from the line behind that of the chain on. */
  setBody(from: number, to: number, addRules: AddRules): void {
    this.#addRules = addRules
    this.#from = from
    this.#to = to
  }

  add(from: number, to: number, line: number): void {
    this.#places ??= []
    this.#places.push(from, to, line)
  }

  get ruleCount(): number {
    return this.#found().length / 3
  }

  get rules(): readonly NftRule[] {
    return (this.#rules ??= this.#parse())
  }

  #parse(): readonly NftRule[] {
    const places = this.#found()
    const rules: NftRule[] = []
    for (let i = 0; i < places.length; i += 3)
      rules.push(this.#read(places[i] as number, places[i + 1] as number, places[i + 2] as number, i / 3 + 1))
    return rules
  }

  #found(): readonly number[] {
    const addRules = this.#addRules
    this.#addRules = null
    addRules?.(this, this.#from, this.#to, this.source.line + 1)
    return this.#places ?? []
  }
}
