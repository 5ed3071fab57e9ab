import type {Match} from '../../model/index.js'

/** A rule may have several comments: joined with a blank; null where it has none. */
export function joinComments(matches: readonly Match[]): string | null {
  let comment: string | null = null
  for (const match of matches) {
    if (match.kind === 'comment') comment = comment === null ? match.text : `${comment} ${match.text}`
  }
  return comment
}
