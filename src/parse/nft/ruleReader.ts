import type {NftRule, NftStatement, SourceRef} from '../../model/index.js'
import {StatementReader} from './statement.js'
import {Tokens, unquote} from './tokens.js'

/** One rule as `nft list` prints it, with the handle where `-a` asked for it. */
export function readRule(text: string, source: SourceRef, number: number): NftRule {
  const tokens = new Tokens(text)
  const reader = new StatementReader(tokens, source)
  const statements: NftStatement[] = []
  let comment: string | null = null
  while (!tokens.done) {
    if (tokens.peek() === 'comment' && tokens.peek(1).startsWith('"')) {
      tokens.next()
      comment = unquote(tokens.next())
    } else statements.push(reader.read())
  }
  const handle = /# handle (\d+)$/.exec(text)?.[1]
  return {source, text, number, handle: handle === undefined ? null : Number(handle), comment, statements}
}
