import {braces} from './braces.js'

export interface PlainChain {
  readonly name: string
  /** Offsets of its rules: behind the line of the chain, and of the line that closes it. */
  readonly from: number
  readonly to: number
  /** How many lines of rules it has, and one for its own: from the line of the chain to the line that closes it. */
  readonly lines: number
}

const HEAD = '\tchain '
const TAB = 9
const CLOSING = 125 /* } */
/** What tells of more than the chain that it stands in: a hook, a match of xtables, statements that may fail. */
const TELLING = /hook |xt |limit rate|quota|ct count/g

/**
 * Finds chains as `nft list` prints nearly all of kube-proxy's: a head, a rule a line, a brace. Whatever looks otherwise is none: a handle behind
 * the head, other indentation, rules over several lines.
 */
export class PlainChains {
  readonly #text: string
  /** Offsets of the next `TELLING` words, and of the next opening brace, as far as they are known. */
  #telling = -1
  #brace = -1

  constructor(text: string) {
    this.#text = text
  }

  /** @param at offset of a line; must not decrease @returns null: no such chain begins here */
  find(at: number): PlainChain | null {
    const text = this.#text
    if (text.charCodeAt(at) !== TAB || !text.startsWith(HEAD, at)) return null
    const newline = text.indexOf('\n', at)
    if (newline < 0 || !text.startsWith(' {', newline - 2)) return null
    const name = text.slice(at + HEAD.length, newline - 2)
    if (name === '' || /\s/.test(name)) return null
    const from = newline + 1
    let lines = 1
    for (let start = from; ; lines++) {
      if (text.charCodeAt(start) !== TAB) return null
      const end = text.indexOf('\n', start)
      if (text.charCodeAt(start + 1) === CLOSING) {
        const alone = end === start + 2 && !this.#tells(from, start)
        return alone ? {name, from, to: start, lines} : null
      }
      if (end < 0 || text.charCodeAt(start + 1) !== TAB || !this.#isRule(start + 2, end)) return null
      start = end + 1
    }
  }

  /** Does a line hold a rule as a whole? */
  #isRule(start: number, end: number): boolean {
    if (this.#text.charCodeAt(start) === CLOSING || this.#text.charCodeAt(start) === TAB) return false
    if (this.#brace < start) this.#brace = found(this.#text.indexOf('{', start))
    return this.#brace >= end || braces(this.#text.slice(start, end)) === 0
  }

  #tells(from: number, to: number): boolean {
    if (this.#telling < from) {
      TELLING.lastIndex = from
      this.#telling = found(TELLING.exec(this.#text)?.index ?? -1)
    }
    return this.#telling < to
  }
}

function found(offset: number): number {
  return offset < 0 ? Infinity : offset
}
