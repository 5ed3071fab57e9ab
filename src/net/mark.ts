/** A value compared or set under a mask. Both are unsigned 32-bit numbers. */
export interface MaskedValue {
  readonly value: number
  readonly mask: number
}

export const FULL_MASK = 0xffffffff

/** `0x80/0x80`, `0x1`, `128`: decimal or hexadecimal, mask all ones where absent. @returns null on anything else */
export function parseMasked(text: string): MaskedValue | null {
  const slash = text.indexOf('/')
  const value = parseUint32(slash < 0 ? text : text.slice(0, slash))
  const mask = slash < 0 ? FULL_MASK : parseUint32(text.slice(slash + 1))
  return value === null || mask === null ? null : {value, mask}
}

/** Decimal, `0x` hexadecimal or leading-zero octal, as strtoul(…, 0) reads it. @returns null outside 0 … 2³²-1 */
export function parseUint32(text: string): number | null {
  const value = /^0[xX][0-9a-fA-F]{1,8}$/.test(text)
    ? parseInt(text, 16)
    : /^0[0-7]+$/.test(text)
      ? parseInt(text, 8)
      : /^\d{1,10}$/.test(text)
        ? Number(text)
        : NaN
  return value >= 0 && value <= FULL_MASK ? value : null
}

export function formatMark(value: number): string {
  return `0x${value.toString(16)}`
}

export function formatMasked({value, mask}: MaskedValue): string {
  return mask === FULL_MASK ? formatMark(value) : `${formatMark(value)}/${formatMark(mask)}`
}
