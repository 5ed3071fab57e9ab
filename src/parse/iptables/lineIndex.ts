const END = -1
const FEWEST = 64
/** Characters of a rule of kube-proxy and its line end; a text of shorter ones makes the index grow. */
const SHORTEST_RULE = 96

/**
 * Where the rules of a save stand: for each its offset, line number and the next rule of its chain, in file order. Flat, because a big
 * save has 500,000 of them.
 */
export class LineIndex {
  #offsets: Int32Array
  #lines: Int32Array
  #next: Int32Array
  #count = 0

  /** @param characters of the text: memory for as many rules as they can be is taken at once, and what stays unused costs none */
  constructor(characters: number) {
    const rules = Math.max(FEWEST, Math.ceil(characters / SHORTEST_RULE))
    this.#offsets = new Int32Array(rules)
    this.#lines = new Int32Array(rules)
    this.#next = new Int32Array(rules)
  }

  /** @returns the rule's id */
  add(offset: number, line: number): number {
    const id = this.#count++
    if (id === this.#offsets.length) this.#grow()
    this.#offsets[id] = offset
    this.#lines[id] = line
    this.#next[id] = END
    return id
  }

  /** The rule `next` follows the rule `id` in the chain of both. */
  link(id: number, next: number): void {
    this.#next[id] = next
  }

  offset(id: number): number {
    return this.#offsets[id] as number
  }

  line(id: number): number {
    return this.#lines[id] as number
  }

  /** Negative behind the last. */
  next(id: number): number {
    return this.#next[id] as number
  }

  #grow(): void {
    this.#offsets = doubled(this.#offsets)
    this.#lines = doubled(this.#lines)
    this.#next = doubled(this.#next)
  }
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(array.length * 2)
  copy.set(array)
  return copy
}
