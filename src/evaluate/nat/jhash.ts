/** jhash2 of include/linux/jhash.h: Jenkins' lookup3 over 32-bit words. NAT picks an address of a range with it, so it must be the kernel's own. */
export function jhash2(words: readonly number[], seed: number): number {
  let a = (0xdeadbeef + (words.length << 2) + seed) >>> 0
  let b = a
  let c = a
  let at = 0
  for (let left = words.length; left > 3; left -= 3, at += 3) {
    a = (a + word(words, at)) >>> 0
    b = (b + word(words, at + 1)) >>> 0
    c = (c + word(words, at + 2)) >>> 0
    a = mix(a, c, c, 4)
    c = (c + b) >>> 0
    b = mix(b, a, a, 6)
    a = (a + c) >>> 0
    c = mix(c, b, b, 8)
    b = (b + a) >>> 0
    a = mix(a, c, c, 16)
    c = (c + b) >>> 0
    b = mix(b, a, a, 19)
    a = (a + c) >>> 0
    c = mix(c, b, b, 4)
    b = (b + a) >>> 0
  }
  const left = words.length - at
  if (left === 0) return c
  if (left > 2) c = (c + word(words, at + 2)) >>> 0
  if (left > 1) b = (b + word(words, at + 1)) >>> 0
  a = (a + word(words, at)) >>> 0
  c = ((c ^ b) - rotate(b, 14)) >>> 0
  a = ((a ^ c) - rotate(c, 11)) >>> 0
  b = ((b ^ a) - rotate(a, 25)) >>> 0
  c = ((c ^ b) - rotate(b, 16)) >>> 0
  a = ((a ^ c) - rotate(c, 4)) >>> 0
  b = ((b ^ a) - rotate(a, 14)) >>> 0
  return ((c ^ b) - rotate(b, 24)) >>> 0
}

function word(words: readonly number[], at: number): number {
  return words[at] as number
}

function rotate(value: number, bits: number): number {
  return ((value << bits) | (value >>> (32 - bits))) >>> 0
}

function mix(value: number, minus: number, turned: number, bits: number): number {
  return (((value - minus) >>> 0) ^ rotate(turned, bits)) >>> 0
}

/** reciprocal_scale: maps 32 random bits to 0 … count-1. */
export function scale(hash: number, count: number): number {
  return Number((BigInt(hash) * BigInt(count)) >> 32n)
}

/** A 32-bit value as it lies in the memory of a little-endian machine when stored in network order. */
export function networkWord(value: number): number {
  return (((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0
}
