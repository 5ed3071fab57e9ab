import {ICMP, ICMPV6, TCP, UDP} from '../../net/index.js'
import {UsageError} from '../usageError.js'

/** The words and numbers of a flow that only flags give as text. Each throws UsageError. */

const ICMP_TYPES: Readonly<Record<string, readonly [v4: number, v6: number]>> = {
  'echo-request': [8, 128],
  'echo-reply': [0, 129],
  'destination-unreachable': [3, 1],
  'time-exceeded': [11, 3],
  'parameter-problem': [12, 4],
}

/** `8`, `3/4`, `echo-request`. */
export function readIcmp(name: string, text: string, protocol: number): {type: number; code: number | null} {
  const [word = '', code = null, ...rest] = text.split('/')
  const named = ICMP_TYPES[word]
  const type = named === undefined ? readNumber(name, word, 255) : named[protocol === ICMPV6 ? 1 : 0]
  if (rest.length > 0) throw new UsageError(`${name} ${text}: expected TYPE or TYPE/CODE, such as 8 or 3/4.`)
  return {type, code: code === null ? null : readNumber(name, code, 255)}
}

/** A whole number in decimal, 0 … most. */
export function readNumber(name: string, text: string, most: number, least = 0): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN
  if (value >= least && value <= most) return value
  throw new UsageError(`${name} ${text}: expected a whole number from ${least} to ${most}.`)
}

/** IFNAMSIZ - 1 bytes, no blank, no slash: what Linux takes as the name of an interface. */
export function readInterface(name: string, text: string): string {
  if (/^[^\s/]{1,15}$/.test(text)) return text
  throw new UsageError(
    `${name} ${text}: no name of an interface. Linux takes 1 to 15 characters without blanks and slashes.`,
  )
}

/** Without --proto, these are explained. */
export const DEFAULT_PROTOCOLS: readonly number[] = [TCP, UDP]

export function icmpOf(family: 4 | 6): number {
  return family === 4 ? ICMP : ICMPV6
}
