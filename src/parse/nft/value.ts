import type {NftPattern} from '../../model/index.js'
import type {Datatype} from './datatype.js'
import {parseLiteral} from './literal.js'
import type {Tokens} from './tokens.js'

/** A constant: a literal, flags joined by `|`, or a range of quoted values (`"10:00"-"11:00"`). Parentheses do not change their meaning. */
export function readValue(tokens: Tokens, type: Datatype): NftPattern {
  const from = tokens.position
  if (takeInvalidType(tokens)) return unknown(tokens, from)
  const bracketed = tokens.take('(')
  const first = parseLiteral(tokens.next(), type)
  takeInvalidType(tokens)
  const patterns = [first]
  while (tokens.take('|') || tokens.take('or')) patterns.push(parseLiteral(tokens.next(), type))
  if (bracketed && !tokens.take(')')) return unknown(tokens, from)
  if (tokens.peek() === '-' && tokens.peek(1).startsWith('"')) {
    tokens.next()
    tokens.next()
    return unknown(tokens, from)
  }
  if (patterns.length === 1) return first
  const value = joinFlags(patterns)
  return value === null ? unknown(tokens, from) : {kind: 'value', value}
}

/** What nft prints in place of a value whose type it lost, or behind its number: `0x14e9 [invalid type]`. */
function takeInvalidType(tokens: Tokens): boolean {
  if (tokens.peek() !== '[invalid') return false
  tokens.next()
  tokens.next()
  return true
}

/** All bits of several values; null where one is no number. */
export function joinFlags(patterns: readonly NftPattern[]): number | null {
  let bits = 0
  for (const pattern of patterns) {
    if (pattern.kind !== 'value' || typeof pattern.value !== 'number') return null
    bits |= pattern.value
  }
  return bits >>> 0
}

function unknown(tokens: Tokens, from: number): NftPattern {
  return {kind: 'unknown', text: tokens.textFrom(from)}
}
