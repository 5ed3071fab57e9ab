import {netmask, TCP, UDP} from '../../net/index.js'
import type {RuleSketch, Target} from '../../model/index.js'
import {parseProbability} from './match/statistic.js'
import {normaliseSet} from './values/masked.js'

const TAB = 9
const SPACE = 32
const BANG = 33
const QUOTE = 34
const DASH = 45
const DOT = 46
const SLASH = 47
const ZERO = 48
const COLON = 58
const BACKSLASH = 92

const VERDICTS: ReadonlyMap<string, Target> = new Map([
  ['ACCEPT', {kind: 'accept'}],
  ['DROP', {kind: 'drop'}],
  ['RETURN', {kind: 'return'}],
])
const NO_FLAGS = {random: false, fullyRandom: false, persistent: false}

type Mutable = {-readonly [K in keyof RuleSketch]: RuleSketch[K]}

/**
 * Reads the rules that kube-proxy writes by the ten thousand straight out of the text: addresses, a protocol, one destination port, a
 * probability, comments; a verdict, a jump, MARK or DNAT. Of anything else, in any other spelling, it says nothing: RuleParser reads it. What it
 * does say is what RuleParser says of the same words, which a test holds it to.
 */
export class RuleSketcher {
  readonly #text: string
  readonly #hasChain: (name: string) => boolean
  #at = 0
  #end = 0
  #negated = false
  /** The network read last, as signed numbers. */
  #address = 0
  #mask = 0
  #sketch: Mutable = newSketch()

  /** @param text of the whole save @param hasChain is there a chain of this name in the rules' table? */
  constructor(text: string, hasChain: (name: string) => boolean) {
    this.#text = text
    this.#hasChain = hasChain
  }

  /** @param from behind the chain's name @param end behind the rule's last character @returns null: read it in full */
  sketch(from: number, end: number): RuleSketch | null {
    const sketch = (this.#sketch = newSketch())
    this.#at = from
    this.#end = end
    this.#negated = false
    while (this.#next()) if (sketch.target !== null || !this.#option()) return null
    return sketch.target === null ? null : sketch
  }

  /** Goes to the next word. @returns false behind the last */
  #next(): boolean {
    while (this.#at < this.#end && this.#text.charCodeAt(this.#at) === SPACE) this.#at++
    return this.#at < this.#end
  }

  #option(): boolean {
    const text = this.#text
    if (text.charCodeAt(this.#at) === BANG) {
      if (this.#negated) return false
      this.#negated = true
      return this.#take('! ')
    }
    if (text.charCodeAt(this.#at) !== DASH || text.charCodeAt(this.#at + 2) !== SPACE) return false
    const letter = text[this.#at + 1]
    this.#at += 3
    if (letter === 's') return this.#source()
    if (letter === 'd') return this.#destination()
    if (this.#negated) return false
    if (letter === 'p') return this.#protocol()
    if (letter === 'm') return this.#match()
    return letter === 'j' && this.#target()
  }

  #source(): boolean {
    const sketch = this.#sketch
    if (sketch.sourceMask !== 0 || !this.#network()) return false
    sketch.source = this.#address
    sketch.sourceMask = this.#mask
    sketch.notSource = this.#takeBang()
    return true
  }

  #destination(): boolean {
    const sketch = this.#sketch
    if (sketch.destinationMask !== 0 || !this.#network()) return false
    sketch.destination = this.#address
    sketch.destinationMask = this.#mask
    sketch.notDestination = this.#takeBang()
    return true
  }

  /** `A/24`, into #address and #mask; not one that holds every address. */
  #network(): boolean {
    const address = this.#quad()
    if (address < 0 || this.#text.charCodeAt(this.#at++) !== SLASH) return false
    const length = this.#number(32)
    if (length <= 0 || !this.#atBlank()) return false
    this.#mask = (netmask(4, length) as number) | 0
    this.#address = address & this.#mask
    return true
  }

  #takeBang(): boolean {
    const negated = this.#negated
    this.#negated = false
    return negated
  }

  #protocol(): boolean {
    if (this.#sketch.protocol !== 0) return false
    this.#sketch.protocol = this.#take('tcp') ? TCP : this.#take('udp') ? UDP : 0
    return this.#sketch.protocol !== 0 && this.#atBlank()
  }

  #match(): boolean {
    const {protocol} = this.#sketch
    if (this.#take('comment --comment ')) return this.#comment()
    if (this.#take('statistic --mode random --probability ')) return this.#probability()
    const module = protocol === TCP ? 'tcp' : protocol === UDP ? 'udp' : null
    if (module === null || this.#sketch.destinationPort !== null || !this.#take(module)) return false
    if (!this.#take(' --dport ')) return this.#atBlank()
    const port = this.#number(65_535)
    this.#sketch.destinationPort = port
    return port >= 0 && this.#atBlank()
  }

  /** One word, or what stands in quotes without a quote or a backslash in it. */
  #comment(): boolean {
    const text = this.#text
    const quoted = text.charCodeAt(this.#at) === QUOTE
    if (quoted) this.#at++
    else if (this.#atBlank()) return false
    for (; this.#at < this.#end; this.#at++) {
      const c = text.charCodeAt(this.#at)
      if (c === QUOTE) {
        this.#at++
        return quoted && this.#atBlank()
      }
      if (c === BACKSLASH) return false
      if (!quoted && (c === SPACE || c === TAB)) return c === SPACE
    }
    return false
  }

  #probability(): boolean {
    if (this.#sketch.probability !== null) return false
    const probability = parseProbability(this.#word())
    this.#sketch.probability = probability
    return probability !== null
  }

  #target(): boolean {
    const name = this.#word()
    const verdict = VERDICTS.get(name)
    const sketch = this.#sketch
    if (verdict !== undefined) sketch.target = verdict
    else if (this.#hasChain(name)) sketch.target = {kind: 'jump', chain: name}
    else if (name === 'MARK') sketch.target = this.#mark()
    else if (name === 'DNAT') sketch.target = this.#dnat()
    return sketch.target !== null
  }

  #mark(): Target | null {
    if (!this.#take(' --set-xmark ')) return null
    const set = normaliseSet('xset', this.#word())
    return set === null ? null : {kind: 'mark', set}
  }

  #dnat(): Target | null {
    if (!this.#take(' --to-destination ')) return null
    const address = this.#quad()
    if (address < 0 || this.#text.charCodeAt(this.#at++) !== COLON) return null
    const port = this.#number(65_535)
    if (port <= 0) return null
    const first = address as never
    return {
      kind: 'dnat',
      ranges: [{first, last: first, ports: {min: port, max: port}, basePort: null}],
      flags: NO_FLAGS,
    }
  }

  /** Unsigned; negative: not a dotted quad. */
  #quad(): number {
    let value = 0
    for (let octet = 0; octet < 4; octet++) {
      if (octet > 0 && this.#text.charCodeAt(this.#at++) !== DOT) return -1
      const number = this.#number(255)
      if (number < 0) return -1
      value = value * 256 + number
    }
    return value
  }

  /** Decimal, without leading zeros; negative: none, or above `most`. */
  #number(most: number): number {
    const text = this.#text
    const first = this.#at
    let value = 0
    for (; this.#at < this.#end; this.#at++) {
      const digit = text.charCodeAt(this.#at) - ZERO
      if (digit < 0 || digit > 9) break
      if (this.#at > first && value === 0) return -1
      value = value * 10 + digit
      if (value > most) return -1
    }
    return this.#at === first ? -1 : value
  }

  #take(words: string): boolean {
    const ahead = this.#at + words.length
    if (ahead > this.#end || !this.#text.startsWith(words, this.#at)) return false
    this.#at = ahead
    return true
  }

  #atBlank(): boolean {
    return this.#at === this.#end || this.#text.charCodeAt(this.#at) === SPACE
  }

  /** Up to the next blank. */
  #word(): string {
    const space = this.#text.indexOf(' ', this.#at)
    const end = space < 0 || space > this.#end ? this.#end : space
    const word = this.#text.slice(this.#at, end)
    this.#at = end
    return word
  }
}

/** Spelled out: to copy an empty one takes as long as the rest of reading and compiling the rule. */
function newSketch(): Mutable {
  return {
    source: 0,
    sourceMask: 0,
    notSource: false,
    destination: 0,
    destinationMask: 0,
    notDestination: false,
    protocol: 0,
    notProtocol: false,
    inInterface: null,
    outInterface: null,
    destinationPort: null,
    probability: null,
    target: null,
  }
}
