import type {NftVerdict} from '../../model/index.js'
import type {Tokens} from './tokens.js'

/** What the chain is called whose rules are written where it is entered, by the line on which that is. */
export function blockName(line: number): string {
  return `{ } of line ${line}`
}

/**
 * @param line of the rule, for a chain that is written in it
 * @returns null, and takes nothing, where no verdict comes next
 */
export function readVerdict(tokens: Tokens, line = 0): NftVerdict | null {
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
      return {kind: word, chain: tokens.peek() === '{' ? readBlock(tokens, line) : tokens.next()}
    case 'queue':
      tokens.next()
      while (/^(flags|num|to|bypass|fanout|[\d-]+(bypass|,fanout)?|,)$/.test(tokens.peek())) tokens.next()
      return {kind: 'queue'}
    default:
      return null
  }
}

/** Its rules are read with its chain. */
function readBlock(tokens: Tokens, line: number): string {
  let depth = 0
  do {
    const word = tokens.next()
    depth += word === '{' ? 1 : word === '}' ? -1 : 0
  } while (depth > 0 && !tokens.done)
  return blockName(line)
}
