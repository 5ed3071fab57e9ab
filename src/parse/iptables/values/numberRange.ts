import {parseUint32} from '../../../net/index.js'

export interface NumberRange {
  readonly min: number
  readonly max: number
}

/** `N`, `N:M`, `:M`, `N:`; inclusive. @returns null on anything else, or where it runs backwards */
export function parseNumberRange(text: string, limit: number, separator = ':'): NumberRange | null {
  const at = text.indexOf(separator)
  const low = at < 0 ? text : text.slice(0, at)
  const high = at < 0 ? text : text.slice(at + 1)
  const min = at >= 0 && low === '' ? 0 : parseUint32(low)
  const max = at >= 0 && high === '' ? limit : parseUint32(high)
  return min === null || max === null || min > max || max > limit ? null : {min, max}
}
