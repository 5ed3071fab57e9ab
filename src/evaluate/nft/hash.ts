import type {NftExpression} from '../../model/index.js'
import {jhash2, networkWord, scale} from '../nat/jhash.js'
import type {Reading} from './reading.js'

/** How a value lies in the kernel's registers: its length in bytes, and whether it was copied from a packet, in network order. */
interface Layout {
  readonly bytes: number
  readonly network: boolean
}

/**
 * jhash over registers (nft_jhash_eval), on a little-endian machine.
 * @returns null where a value is not known, or how it lies in memory
 */
export function jenkins(
  of: readonly NftExpression[],
  readings: readonly Reading[],
  seed: number,
  modulus: number,
): number | null {
  const words: number[] = []
  let bytes = 0
  for (const [i, expression] of of.entries()) {
    const layout = layoutOf(expression)
    const value = readings[i]
    if (layout === null || (typeof value !== 'number' && typeof value !== 'bigint')) return null
    const parts = wordsOf(value, layout)
    words.push(...parts)
    // each part of a concatenation fills whole registers
    bytes += of.length > 1 ? parts.length * 4 : layout.bytes
  }
  // jhash begins with the number of bytes, jhash2 with four for each word
  return scale(jhash2(words, (seed + bytes - words.length * 4) >>> 0), modulus)
}

function layoutOf(expression: NftExpression): Layout | null {
  if (expression.kind === 'meta' && expression.key === 'mark') return {bytes: 4, network: false}
  if (expression.kind === 'meta' && expression.key === 'l4proto') return {bytes: 1, network: true}
  if (expression.kind === 'ct' && expression.key === 'mark') return {bytes: 4, network: false}
  if (expression.kind !== 'payload') return null
  switch (expression.field) {
    case 'saddr':
    case 'daddr':
      return {bytes: expression.protocol === 'ip6' ? 16 : 4, network: true}
    case 'sport':
    case 'dport':
      return {bytes: 2, network: true}
    case 'protocol':
      return {bytes: 1, network: true}
    default:
      return null
  }
}

function wordsOf(value: number | bigint, {bytes, network}: Layout): number[] {
  if (typeof value === 'bigint')
    return [96n, 64n, 32n, 0n].map(shift => networkWord(Number((value >> shift) & 0xffffffffn)))
  if (!network || bytes === 1) return [value]
  return [bytes === 2 ? ((value & 0xff) << 8) | (value >> 8) : networkWord(value)]
}
