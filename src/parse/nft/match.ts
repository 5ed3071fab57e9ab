import {FULL_MASK} from '../../net/index.js'
import type {NftElement, NftExpression, NftPattern, NftStatement, SourceRef} from '../../model/index.js'
import {type Datatype, isFlags} from './datatype.js'
import {readParts} from './elements.js'
import type {ExpressionReader, Typed} from './expression.js'
import type {Tokens} from './tokens.js'
import {joinFlags, readValue} from './value.js'

type Match = Extract<NftStatement, {kind: 'match'}>

const ZERO: NftPattern = {kind: 'value', value: 0}

/**
 * What follows the left side of a comparison. Flags compare in their own way, as the listing prints what the kernel runs: `ct state new` and
 * `ct state new,established`: any of the bits; `!= new`: not this very value; `! syn`: none of the bits; `syn / syn,ack`: under a mask.
 * @returns null where it is not understood
 */
export class MatchReader {
  readonly #tokens: Tokens
  readonly #source: SourceRef
  readonly #expressions: ExpressionReader

  constructor(tokens: Tokens, source: SourceRef, expressions: ExpressionReader) {
    this.#tokens = tokens
    this.#source = source
    this.#expressions = expressions
  }

  read(key: readonly Typed[], from: number): Match | null {
    const tokens = this.#tokens
    const types = key.map(({type}) => type)
    const left = key.map(({expression}) => expression)
    const operator = /^(==|!=|<|>|<=|>=|!)$/.test(tokens.peek()) ? tokens.next() : null
    if (tokens.done) return null
    const [only] = types
    if (tokens.peek().startsWith('@') || tokens.peek() === '{') {
      const set = this.#expressions.readSetUse(types, null)
      return set === null
        ? null
        : {kind: 'match', key: left, negated: operator === '!=', set, text: tokens.textFrom(from)}
    }
    if (types.length === 1 && only !== undefined && isFlags(only) && left[0] !== undefined)
      return this.#readFlags(left[0], only, operator, from)
    const parts = readParts(tokens, types)
    if (operator === null || operator === '==' || operator === '!=')
      return this.#match(left, operator === '!=', parts, from)
    const range = parts.length === 1 ? rangeOf(operator, parts[0] as NftPattern) : null
    return range === null ? null : this.#match(left, false, [range], from)
  }

  #readFlags(left: NftExpression, type: Datatype, operator: string | null, from: number): Match | null {
    const tokens = this.#tokens
    const first = this.#readFlagList(type)
    if (tokens.take('/'))
      return this.#match([this.#masked(left, this.#readFlagList(type))], operator === '!=', [first], from)
    const exact = operator === '==' || operator === '!=' || left.kind === 'binary'
    if (exact) return this.#match([left], operator === '!=', [first], from)
    return this.#match([this.#masked(left, first)], operator === null, [ZERO], from)
  }

  /** `established,new` */
  #readFlagList(type: Datatype): NftPattern {
    const tokens = this.#tokens
    const from = tokens.position
    const patterns = [readValue(tokens, type)]
    while (tokens.take(',')) patterns.push(readValue(tokens, type))
    const value = joinFlags(patterns)
    return value === null ? {kind: 'unknown', text: tokens.textFrom(from)} : {kind: 'value', value}
  }

  #masked(left: NftExpression, mask: NftPattern): NftExpression {
    const right: NftExpression = {kind: 'literal', pattern: mask, text: ''}
    return {kind: 'binary', operator: '&', left, right, text: left.text}
  }

  #match(key: readonly NftExpression[], negated: boolean, parts: readonly NftPattern[], from: number): Match {
    const text = this.#tokens.textFrom(from)
    const element: NftElement = {source: this.#source, text, key: parts, verdict: null, data: null}
    return {kind: 'match', key, negated, set: {kind: 'anonymous', elements: [element]}, text}
  }
}

/** `< 5`, `>= 1024` as ranges of unsigned 32-bit numbers. */
function rangeOf(operator: string, pattern: NftPattern): NftPattern | null {
  if (pattern.kind === 'unknown') return {kind: 'unknown', text: `${operator} ${pattern.text}`}
  if (pattern.kind !== 'value' || typeof pattern.value !== 'number') return null
  const {value} = pattern
  switch (operator) {
    case '<':
      return {kind: 'range', min: 0, max: value - 1}
    case '<=':
      return {kind: 'range', min: 0, max: value}
    case '>':
      return {kind: 'range', min: value + 1, max: FULL_MASK}
    case '>=':
      return {kind: 'range', min: value, max: FULL_MASK}
    default:
      return null
  }
}
