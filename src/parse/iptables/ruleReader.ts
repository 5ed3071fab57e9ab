import type {Family} from '../../net/index.js'
import {QuotedWords} from '../shared/quotedWords.js'

const DASH = 45

/** A cursor over the words of one rule, as the option parsers see them. */
export class RuleReader {
  readonly words = new QuotedWords()
  readonly family: Family
  /** Index of the next word. */
  position = 0
  /** Index of the first word of the option being read, its `!` included. */
  start = 0
  /** `!` before the option, or (iptables before 1.4.3) between the option and its value. */
  negated = false
  /** The text ended where an option needs a value. */
  missing = false

  constructor(family: Family) {
    this.family = family
  }

  /** @param from offset of the first character that counts */
  load(line: string, from = 0): void {
    this.words.split(line, from)
    this.position = 0
    this.start = 0
    this.negated = false
    this.missing = false
  }

  /** Reads the `!`s and the word of the next option; undefined behind the last word. */
  option(): string | undefined {
    this.start = this.position
    this.negated = false
    while (this.#isBang()) {
      this.position++
      this.negated = !this.negated
    }
    const word = this.words.at(this.position)
    if (word !== undefined) this.position++
    else if (this.negated) this.missing = true
    return word
  }

  /** The option being read, verbatim, up to the word before the next one; without the `!` before it where asked. */
  optionText(bang = true): string {
    let first = this.start
    while (!bang && this.words.at(first) === '!') first++
    return this.words.slice(first, this.position)
  }

  get done(): boolean {
    return this.position >= this.words.count
  }

  /** The value of an option: the next word, unless that is an option itself. A `!` before it negates. */
  value(): string | null {
    if (this.#isBang()) {
      this.position++
      this.negated = !this.negated
    }
    return this.atOption() ? null : this.text()
  }

  /** The next word whatever it looks like: comments and names may be `--anything` or `!`. */
  text(): string | null {
    const word = this.words.at(this.position)
    if (word === undefined) this.missing = true
    else this.position++
    return word ?? null
  }

  /** Is the next word an option, or a `!` that belongs to one? */
  atOption(): boolean {
    return isOption(this.words, this.#isBang() ? this.position + 1 : this.position)
  }

  /** Goes past everything up to the next option: the values of an option whose arity nobody knows. */
  skipValues(): void {
    while (!this.done && !this.atOption()) this.position++
  }

  #isBang(): boolean {
    return this.words.at(this.position) === '!' && !this.words.isQuoted(this.position)
  }
}

/** `-x`, `--long`; not `-5` and not a lone dash. */
function isOption(words: QuotedWords, index: number): boolean {
  const word = words.at(index)
  if (word === undefined || word.length < 2 || word.charCodeAt(0) !== DASH || words.isQuoted(index)) return false
  const second = word.charCodeAt(1)
  return second === DASH || (second >= 65 && second <= 90) || (second >= 97 && second <= 122)
}
