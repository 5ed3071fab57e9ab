import {parseUint32} from '../../net/index.js'
import type {NftExpression, NftSetUse, SourceRef} from '../../model/index.js'
import type {Datatype} from './datatype.js'
import {readElements} from './elements.js'
import {CT_KEYS, FIELDS, META_KEYS} from './fields.js'
import {parseLiteral} from './literal.js'
import type {Tokens} from './tokens.js'
import {joinFlags} from './value.js'

/** An expression, and what its value is compared with. */
export interface Typed {
  readonly expression: NftExpression
  readonly type: Datatype
}

type Operator = Extract<NftExpression, {kind: 'binary'}>['operator']

/** Loosest first, as in nft's grammar; older versions print words. */
const OPERATORS: readonly (readonly [Operator, readonly string[]])[] = [
  ['|', ['|', 'or']],
  ['^', ['^', 'xor']],
  ['&', ['&', 'and']],
  ['<<', ['<<', 'lshift']],
  ['>>', ['>>', 'rshift']],
]

/** Expressions that are recognised and not modelled, and how many words they have. */
const OPAQUE: readonly (readonly [RegExp, number])[] = [
  [
    /^(tcp|ip|sctp|dccp) (option|chunk) \S+ (size|left|right|count|length|value|kind|ptr|addr|tsval|tsecr|type|flags)$/,
    4,
  ],
  [/^(tcp|ip|sctp|dccp) (option|chunk) /, 3],
  [/^socket cgroupv2 level /, 4],
  [/^(rt|ipsec) (ip|ip6|in|out) /, 3],
  [/^osf ttl /, 4],
  [/^(exthdr|socket|osf|rt|frag|hbh|rt0|rt2|srh|dst|mh|igmp|gre|vxlan|tunnel) /, 2],
]

/** Reads what stands on the left of a comparison, or is assigned: `ip daddr . tcp dport`, `ct mark & 0x80`, `numgen random mod 3`. */
export class ExpressionReader {
  readonly #tokens: Tokens
  readonly #source: SourceRef

  constructor(tokens: Tokens, source: SourceRef) {
    this.#tokens = tokens
    this.#source = source
  }

  /** Expressions joined by ` . `. @returns null where no expression comes next; then nothing is taken */
  readKey(expected: Datatype = 'other'): readonly Typed[] | null {
    const from = this.#tokens.position
    const parts: Typed[] = []
    do {
      const part = this.readBinary(expected)
      if (part === null) {
        this.#tokens.back(from)
        return null
      }
      parts.push(part)
    } while (this.#tokens.take('.'))
    return parts
  }

  /**
   * A value that is assigned: an expression, a literal, or the result of a map.
   * @param expected types of the value's parts
   */
  readAssigned(expected: readonly Datatype[]): NftExpression | null {
    const tokens = this.#tokens
    const from = tokens.position
    const key = this.readKey(expected[0] ?? 'other')
    if (key === null) return null
    if (tokens.take('map')) {
      const set = this.readSetUse(
        key.map(({type}) => type),
        expected,
      )
      const expressions = key.map(({expression}) => expression)
      return set === null ? null : {kind: 'map', key: expressions, set, text: tokens.textFrom(from)}
    }
    return key.length === 1 ? (key[0]?.expression ?? null) : null
  }

  /** `@name`, or elements in braces. @param data types of a map's values; null: a set or a verdict map */
  readSetUse(key: readonly Datatype[], data: readonly Datatype[] | null): NftSetUse | null {
    const tokens = this.#tokens
    if (tokens.peek().startsWith('@')) return {kind: 'named', name: tokens.next().slice(1)}
    if (!tokens.take('{')) return null
    return {kind: 'anonymous', elements: readElements(tokens, {key, data}, () => this.#source)}
  }

  readBinary(expected: Datatype, level = 0): Typed | null {
    const tokens = this.#tokens
    const operator = OPERATORS[level]
    if (operator === undefined) return this.#readPrimary(expected)
    const [name, spellings] = operator
    const from = tokens.position
    let left = this.readBinary(expected, level + 1)
    while (left !== null && spellings.includes(tokens.peek())) {
      tokens.next()
      const right = this.readBinary(left.type, level + 1)
      if (right === null) return null
      const text = tokens.textFrom(from)
      left = {type: left.type, expression: combine(name, left.expression, right.expression, text)}
    }
    return left
  }

  #readPrimary(expected: Datatype): Typed | null {
    const tokens = this.#tokens
    const from = tokens.position
    const word = tokens.peek()
    if (tokens.take('(')) {
      const inner = this.readBinary(expected)
      return inner !== null && tokens.take(')') ? inner : null
    }
    const opaque = this.#readOpaque(from)
    if (opaque !== null) return opaque
    switch (word) {
      case 'meta':
        tokens.next()
        return this.#readMeta(from)
      case 'ct':
        tokens.next()
        return this.#readCt(from)
      case 'fib':
        tokens.next()
        return this.#readFib(from)
      case 'numgen':
        tokens.next()
        return this.#readNumgen(from)
      case 'jhash':
      case 'symhash':
        tokens.next()
        return this.#readHash(from, word === 'jhash')
    }
    const field = FIELDS[word]?.[tokens.peek(1)]
    if (field !== undefined) {
      tokens.next()
      const name = tokens.next()
      return {
        type: field,
        expression: {kind: 'payload', protocol: word, field: name, text: tokens.textFrom(from)},
      }
    }
    if (META_KEYS[word] !== undefined && !['length', 'protocol', 'random', 'time', 'priority'].includes(word))
      return this.#readMeta(from)
    if (/^@(ll|nh|th|ih)$/.test(word)) {
      // @nh,128,32: so many bits at so many bits of a header
      for (let i = 0; i < 5; i++) tokens.next()
      return {type: 'other', expression: {kind: 'unknown', text: tokens.textFrom(from)}}
    }
    return this.#readLiteral(from, expected)
  }

  #readLiteral(from: number, type: Datatype): Typed | null {
    const tokens = this.#tokens
    if (type === 'other' || tokens.done) return null
    // joined by `|` it is an expression of its own
    const pattern = parseLiteral(tokens.next(), type)
    return {type, expression: {kind: 'literal', pattern, text: tokens.textFrom(from)}}
  }

  #readOpaque(from: number): Typed | null {
    const tokens = this.#tokens
    const words = [0, 1, 2, 3].map(ahead => tokens.peek(ahead)).join(' ')
    const found = OPAQUE.find(([pattern]) => pattern.test(words))
    if (found === undefined) return null
    for (let i = 0; i < found[1]; i++) tokens.next()
    return {type: 'other', expression: {kind: 'unknown', text: tokens.textFrom(from)}}
  }

  #readMeta(from: number): Typed | null {
    const tokens = this.#tokens
    const key = tokens.next()
    const type = META_KEYS[key]
    return type === undefined ? null : {type, expression: {kind: 'meta', key, text: tokens.textFrom(from)}}
  }

  /** `ct state`, `ct original ip saddr`, `ct reply proto-dst`. */
  #readCt(from: number): Typed | null {
    const tokens = this.#tokens
    const word = tokens.peek()
    const direction = word === 'original' || word === 'reply' ? word : null
    if (direction !== null) tokens.next()
    let key = tokens.next()
    if (key === 'ip' || key === 'ip6') key += ` ${tokens.next()}`
    const type = CT_KEYS[key]
    return type === undefined ? null : {type, expression: {kind: 'ct', key, direction, text: tokens.textFrom(from)}}
  }

  /** `fib daddr . iif type`, `fib saddr . mark . iif oif`, `fib saddr . iif check` (newer nft's `oif exists`). */
  #readFib(from: number): Typed | null {
    const tokens = this.#tokens
    const selectors = [tokens.next()]
    while (tokens.take('.')) selectors.push(tokens.next())
    const word = tokens.next()
    const compared = /^[!=]=$/.test(tokens.peek()) ? tokens.peek(1) : tokens.peek()
    const exists = word === 'check' || (word === 'oif' && /^(exists|missing)$/.test(compared))
    const result = exists ? 'exists' : word
    if (result !== 'type' && result !== 'oif' && result !== 'oifname' && result !== 'exists') return null
    const of = selectors.includes('saddr') ? 'saddr' : selectors.includes('daddr') ? 'daddr' : null
    if (of === null) return null
    const device = selectors.includes('iif') ? 'iif' : selectors.includes('oif') ? 'oif' : null
    const type: Datatype = result === 'type' ? 'address-type' : result === 'exists' ? 'boolean' : 'name'
    const text = tokens.textFrom(from)
    return {type, expression: {kind: 'fib', of, mark: selectors.includes('mark'), device, result, text}}
  }

  /** `numgen random mod 3 offset 1` */
  #readNumgen(from: number): Typed | null {
    const tokens = this.#tokens
    const mode = tokens.next()
    const modulus = this.#readNumber('mod')
    const offset = this.#readNumber('offset') ?? 0
    if ((mode !== 'random' && mode !== 'inc') || modulus === null) return null
    return {type: 'integer', expression: {kind: 'numgen', mode, modulus, offset, text: tokens.textFrom(from)}}
  }

  /** `jhash ip saddr . tcp dport mod 4 seed 0xbeef offset 1`, `symhash mod 2` */
  #readHash(from: number, jenkins: boolean): Typed | null {
    const tokens = this.#tokens
    const key = jenkins ? this.readKey() : null
    if (jenkins && key === null) return null
    const modulus = this.#readNumber('mod')
    const seed = this.#readNumber('seed')
    const offset = this.#readNumber('offset') ?? 0
    if (modulus === null) return null
    const of = key === null ? null : key.map(({expression}) => expression)
    return {type: 'integer', expression: {kind: 'hash', of, modulus, seed, offset, text: tokens.textFrom(from)}}
  }

  #readNumber(word: string): number | null {
    return this.#tokens.take(word) ? parseUint32(this.#tokens.next()) : null
  }
}

/** Flags joined by `|` are a constant. */
function combine(operator: Operator, left: NftExpression, right: NftExpression, text: string): NftExpression {
  const bits = left.kind === 'literal' && right.kind === 'literal' ? joinFlags([left.pattern, right.pattern]) : null
  return operator === '|' && bits !== null
    ? {kind: 'literal', pattern: {kind: 'value', value: bits}, text}
    : {kind: 'binary', operator, left, right, text}
}
