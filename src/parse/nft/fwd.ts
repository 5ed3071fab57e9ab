import type {NftFwd} from '../../model/index.js'
import type {ExpressionReader} from './expression.js'
import type {Tokens} from './tokens.js'

/** `fwd to "eth1"`, `fwd ip to 10.0.0.1 device "eth1"`; both may be maps. @returns null where it is not understood */
export function readFwd(tokens: Tokens, expressions: ExpressionReader, from: number): NftFwd | null {
  const word = tokens.peek()
  const family = word === 'ip' || word === 'ip6' ? word : null
  if (family !== null) tokens.next()
  if (!tokens.take('to')) return null
  const target = expressions.readAssigned([family === null ? 'name' : 'address'])
  if (target === null) return null
  if (family === null) return {kind: 'fwd', device: target, neighbour: null, text: tokens.textFrom(from)}
  const device = tokens.take('device') ? expressions.readAssigned(['name']) : null
  return device === null
    ? null
    : {kind: 'fwd', device, neighbour: {family, address: target}, text: tokens.textFrom(from)}
}
