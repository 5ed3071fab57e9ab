/** Quoted strings (nft knows no escape in them), braces, parentheses, commas; all else is split at blanks. */
const TOKEN = /"[^"]*"|[{}(),]|[^\s{}(),"]+/g

/** The tokens of one rule or element, read from left to right. A comment behind `#` (handles) is left out. */
export class Tokens {
  readonly #text: string
  readonly #words: string[] = []
  readonly #starts: number[] = []
  #at = 0

  constructor(text: string) {
    this.#text = text
    for (const found of text.matchAll(TOKEN)) {
      if (found[0].startsWith('#')) break
      this.#words.push(found[0])
      this.#starts.push(found.index)
    }
  }

  get done(): boolean {
    return this.#at >= this.#words.length
  }

  /** Index of the token that comes next, for `textFrom` and `back`. */
  get position(): number {
    return this.#at
  }

  /** Empty behind the last. @param ahead 0: the one that comes next */
  peek(ahead = 0): string {
    return this.#words[this.#at + ahead] ?? ''
  }

  next(): string {
    return this.#words[this.#at++] ?? ''
  }

  /** Takes the next token if it is this one. */
  take(word: string): boolean {
    if (this.peek() !== word) return false
    this.#at++
    return true
  }

  /** Makes two tokens of the next one. @param length of the first */
  splitNext(length: number): void {
    const word = this.peek()
    this.#words.splice(this.#at, 1, word.slice(0, length), word.slice(length))
    this.#starts.splice(this.#at + 1, 0, (this.#starts[this.#at] as number) + length)
  }

  /** Offset of a token in the text. */
  offset(position: number): number {
    return this.#starts[position] ?? this.#text.length
  }

  back(position: number): void {
    this.#at = position
  }

  skipToEnd(): void {
    this.#at = this.#words.length
  }

  /** The very text from a token to before the next one. */
  textFrom(position: number): string {
    const last = Math.min(this.#at, this.#words.length) - 1 // of a text that was cut, a reader may have asked for more
    if (last < position) return ''
    const end = (this.#starts[last] as number) + (this.#words[last] as string).length
    return this.#text.slice(this.#starts[position], end)
  }
}

export function unquote(word: string): string {
  return word.startsWith('"') ? word.slice(1, -1) : word
}
