import {nearest} from '../explain/index.js'
import {UsageError} from './usageError.js'

/** `--table natt` → an error that lists the nearest names, or all where there are few. */
export function unknownName(flag: string, what: string, name: string, known: readonly string[]): UsageError {
  const distinct = [...new Set(known)]
  const like = nearest(name, distinct)
  const listed =
    like.length > 0 ? `Nearest: ${like.join(', ')}.` : distinct.length <= 12 ? `There are ${distinct.join(', ')}.` : ''
  return new UsageError(`${flag} ${name}: the capture has no such ${what}. ${listed}`.trim())
}
