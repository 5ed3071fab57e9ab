import type {NftBase, NftChain, NftRule, SourceRef} from '../../model/index.js'

/** Reads a rule out of the text it stands in. */
export type ReadRule = (from: number, to: number, line: number, number: number) => NftRule

/** A chain whose rules are parsed when they are first asked for. */
export class LazyChain implements NftChain {
  readonly name: string
  readonly source: SourceRef
  readonly text: string
  base: NftBase | null = null
  misplaced = false
  cut?: SourceRef
  /** Offsets of the first character and behind the last, and line, of each rule: three numbers a rule. */
  readonly #places: number[] = []
  readonly #read: ReadRule
  #rules: readonly NftRule[] | undefined

  constructor(name: string, source: SourceRef, text: string, read: ReadRule) {
    this.name = name
    this.source = source
    this.text = text
    this.#read = read
  }

  add(from: number, to: number, line: number): void {
    this.#places.push(from, to, line)
  }

  get ruleCount(): number {
    return this.#places.length / 3
  }

  get rules(): readonly NftRule[] {
    return (this.#rules ??= this.#parse())
  }

  #parse(): readonly NftRule[] {
    const places = this.#places
    const rules: NftRule[] = []
    for (let i = 0; i < places.length; i += 3)
      rules.push(this.#read(places[i] as number, places[i + 1] as number, places[i + 2] as number, i / 3 + 1))
    return rules
  }
}
