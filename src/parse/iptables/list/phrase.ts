import type {Family} from '../../../net/index.js'
import type {Match} from '../../../model/index.js'

/** What a match extension prints in a listing. */
export interface Phrase {
  /** The first word, without a colon at its end: how the phrase is found. */
  readonly word: string
  /** Sticky, from that word on; a `! ` before it is read by the caller. */
  readonly pattern: RegExp
  /** @param negated the `! ` before the phrase @returns null where its values make no sense */
  read(groups: readonly (string | undefined)[], negated: boolean, family: Family): readonly Match[] | null
}

/** A phrase that says one thing. */
export function phrase(
  word: string,
  pattern: RegExp,
  read: (groups: readonly (string | undefined)[], negated: boolean, family: Family) => Match | null,
): Phrase {
  return {
    word,
    pattern: new RegExp(`${pattern.source}(?=\\s|$)`, 'y'),
    read: (groups, negated, family) => {
      const match = read(groups, negated, family)
      return match === null ? null : [match]
    },
  }
}

/** A phrase of several matches. */
export function phrases(word: string, pattern: RegExp, read: Phrase['read']): Phrase {
  return {word, pattern: new RegExp(`${pattern.source}(?=\\s|$)`, 'y'), read}
}
