const SPACE = 32
const TAB = 9
const QUOTE = 34
const BACKSLASH = 92

/**
 * The words of a rule, split as iptables-restore does: blanks separate, double quotes keep them, a backslash inside quotes takes the next
 * character as it is, and a closing quote ends the word. Outside quotes a backslash and a single quote are ordinary characters.
 *
 * Parallel arrays, so that one object serves all rules of a chain.
 */
export class QuotedWords {
  count = 0
  /** False where the line ends inside quotes. */
  closed = true
  #line = ''
  readonly #words: string[] = []
  readonly #quoted: boolean[] = []
  readonly #starts: number[] = []
  readonly #ends: number[] = []

  /** @param from offset of the first character that counts */
  split(line: string, from = 0): void {
    this.#line = line
    this.count = 0
    this.closed = true
    const length = line.length
    let at = from
    while (at < length) {
      const c = line.charCodeAt(at)
      if (c === SPACE || c === TAB) at++
      else at = this.#word(at, length)
    }
  }

  /** The word without its quotes; undefined behind the last. */
  at(index: number): string | undefined {
    return index < this.count ? this.#words[index] : undefined
  }

  /** Quoted words are never options, nor `!`. */
  isQuoted(index: number): boolean {
    return this.#quoted[index] === true
  }

  /** The very text from the first word to before the second index, quotes and all. */
  slice(first: number, end: number): string {
    return end <= first ? '' : this.#line.slice(this.#starts[first], this.#ends[end - 1])
  }

  #word(start: number, length: number): number {
    const line = this.#line
    let at = start
    while (at < length) {
      const c = line.charCodeAt(at)
      if (c === SPACE || c === TAB) break
      if (c === QUOTE) return this.#quotedWord(start, at, length)
      at++
    }
    return this.#add(line.slice(start, at), false, start, at)
  }

  /** `start … quote` may hold text before the quote: `a"b c"` is one word. */
  #quotedWord(start: number, quote: number, length: number): number {
    const line = this.#line
    let text = line.slice(start, quote)
    let from = quote + 1
    for (let at = from; at < length; at++) {
      const c = line.charCodeAt(at)
      if (c === BACKSLASH) {
        text += line.slice(from, at)
        from = ++at
      } else if (c === QUOTE) return this.#add(text + line.slice(from, at), true, start, at + 1)
    }
    this.closed = false
    return this.#add(text + line.slice(from), true, start, length)
  }

  #add(word: string, quoted: boolean, start: number, end: number): number {
    const index = this.count++
    this.#words[index] = word
    this.#quoted[index] = quoted
    this.#starts[index] = start
    this.#ends[index] = end
    return end
  }
}
