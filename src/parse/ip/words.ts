/** A cursor over the words of a line. */
export class Words {
  readonly #words: readonly string[]
  #at: number

  constructor(words: readonly string[], at = 0) {
    this.#words = words
    this.#at = at
  }

  next(): string | undefined {
    return this.#words[this.#at++]
  }

  peek(ahead = 0): string | undefined {
    return this.#words[this.#at + ahead]
  }

  /** Steps over the next word where it is `word`. */
  skip(word: string): boolean {
    if (this.peek() !== word) return false
    this.#at++
    return true
  }

  /** The words up to the first for which `stop` holds, which stays. */
  takeUntil(stop: (word: string) => boolean): string[] {
    const from = this.#at
    while (this.#at < this.#words.length && !stop(this.#words[this.#at] ?? '')) this.#at++
    return this.#words.slice(from, this.#at)
  }

  rest(): string[] {
    return this.takeUntil(() => false)
  }
}
