import type {NftStatement} from '../../model/index.js'
import type {ExpressionReader} from './expression.js'
import {readSpec} from './nat.js'
import type {Tokens} from './tokens.js'

/**
 * `tproxy to :8080`, `tproxy ip to 127.0.0.1:8080`. Which socket that is no listing of ours tells, so what it leads to is only read over. Of a port
 * that a map gives, nft 1.0.6 prints nothing behind `to`.
 * @returns null where it is not understood
 */
export function readTproxy(tokens: Tokens, expressions: ExpressionReader, from: number): NftStatement | null {
  const word = tokens.peek()
  const family = word === 'ip' || word === 'ip6' ? word : null
  if (family !== null) tokens.next()
  if (!tokens.take('to')) return null
  if (!tokens.done && !isStatement(tokens.peek()) && readSpec(tokens, expressions) === null) return null
  return {kind: 'tproxy', family, text: tokens.textFrom(from)}
}

/** What may follow at once where nft left the port out: no map begins so. */
function isStatement(word: string): boolean {
  return /^(accept|counter|drop|continue|return|jump|goto|log|comment)$/.test(word)
}
