import {FULL_MASK, type MaskedValue, parseMasked, parseUint32} from '../../../net/index.js'

/** How the text of a value is to be applied: `--set-mark`, `--set-xmark`, `--and-mark`, `--or-mark`, `--xor-mark`. */
export type MarkOperation = 'set' | 'xset' | 'and' | 'or' | 'xor'

/**
 * All of them come to new = (old & ~mask) ^ value (xt_mark.c: mark_tg).
 * @param full the field's all-ones mask: 32 bits for marks, 8 for TOS
 */
export function normaliseSet(operation: MarkOperation, text: string, full = FULL_MASK): MaskedValue | null {
  if (operation === 'set' || operation === 'xset') {
    const masked = parseMasked(text)
    if (masked === null) return null
    const mask = text.includes('/') ? masked.mask : full
    if (masked.value > full || mask > full) return null
    return {value: masked.value, mask: operation === 'set' ? (masked.value | mask) >>> 0 : mask}
  }
  const bits = parseUint32(text)
  if (bits === null || bits > full) return null
  if (operation === 'and') return {value: 0, mask: (~bits & full) >>> 0}
  return {value: bits, mask: operation === 'or' ? bits : 0}
}
