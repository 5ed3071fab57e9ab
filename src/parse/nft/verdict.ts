import type {NftVerdict} from '../../model/index.js'
import type {Tokens} from './tokens.js'

/** @returns null, and takes nothing, where no verdict comes next */
export function readVerdict(tokens: Tokens): NftVerdict | null {
  const word = tokens.peek()
  switch (word) {
    case 'accept':
    case 'drop':
    case 'return':
    case 'continue':
      tokens.next()
      return {kind: word}
    case 'jump':
    case 'goto':
      tokens.next()
      return {kind: word, chain: tokens.next()}
    case 'queue':
      tokens.next()
      while (/^(flags|num|to|bypass|fanout|[\d-]+(bypass|,fanout)?|,)$/.test(tokens.peek())) tokens.next()
      return {kind: 'queue'}
    default:
      return null
  }
}
