import type {NftElement, NftPattern, NftVerdict, SourceRef} from '../../model/index.js'
import type {Datatype} from './datatype.js'
import type {Tokens} from './tokens.js'
import {readValue} from './value.js'
import {readVerdict} from './verdict.js'

export interface ElementTypes {
  readonly key: readonly Datatype[]
  /** Null: a set, or a verdict map. */
  readonly data: readonly Datatype[] | null
}

/**
 * The elements of a set or map, up to and with its closing brace: `10.0.0.1 . tcp . 80 timeout 1h expires 59m comment "…" : goto x, …`.
 * @param locate where the token at this offset stands
 */
export function readElements(
  tokens: Tokens,
  types: ElementTypes,
  locate: (offset: number) => SourceRef,
): readonly NftElement[] {
  const elements: NftElement[] = []
  while (!tokens.done && !tokens.take('}')) {
    if (tokens.take(',')) continue
    elements.push(readElement(tokens, types, locate))
  }
  return elements
}

function readElement(tokens: Tokens, types: ElementTypes, locate: (offset: number) => SourceRef): NftElement {
  const from = tokens.position
  const source = locate(tokens.offset(from))
  const key = tokens.take('*') ? null : readParts(tokens, types.key)
  // timeout, expires, comment, counter: of no consequence, but for the time that they tell
  while (!tokens.done && !isEnd(tokens.peek()) && tokens.peek() !== ':') tokens.next()
  let verdict: NftVerdict | null = null
  let data: readonly NftPattern[] | null = null
  if (tokens.take(':')) {
    verdict = readVerdict(tokens)
    if (verdict === null) data = readParts(tokens, types.data ?? [])
    while (!tokens.done && !isEnd(tokens.peek())) tokens.next()
  }
  return {source, text: tokens.textFrom(from), key, verdict, data}
}

function isEnd(token: string): boolean {
  return token === ',' || token === '}'
}

/** Values joined by ` . `, each of its own type. */
export function readParts(tokens: Tokens, types: readonly Datatype[]): readonly NftPattern[] {
  const parts: NftPattern[] = []
  do parts.push(readValue(tokens, types[parts.length] ?? 'other'))
  while (tokens.take('.'))
  return parts
}
