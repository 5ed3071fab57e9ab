/**
 * IP addresses as plain values.
 *
 * An IPv4 address is an unsigned 32-bit number, an IPv6 address a 128-bit bigint. Both compare with `===`, sort with `<` and serve as
 * Map keys, so one code path serves both families; the JavaScript type *is* the family.
 */

declare const brand: unique symbol

/** Unsigned 32 bits, host order: 10.0.0.1 is 0x0a000001. */
export type Ipv4 = number & {readonly [brand]: 'Ipv4'}
/** Unsigned 128 bits: ::1 is 1n. */
export type Ipv6 = bigint & {readonly [brand]: 'Ipv6'}
export type Address = Ipv4 | Ipv6
export type Family = 4 | 6

export const IPV4_ANY = 0 as Ipv4
export const IPV6_ANY = 0n as Ipv6
export const IPV4_LOOPBACK = 0x7f000001 as Ipv4
export const IPV6_LOOPBACK = 1n as Ipv6

const IPV6_BITS = 128n
const IPV6_MAX = (1n << IPV6_BITS) - 1n

/** @param value any number; only its low 32 bits count */
export function ipv4(value: number): Ipv4 {
  return (value >>> 0) as Ipv4
}

/** @param value any bigint; only its low 128 bits count */
export function ipv6(value: bigint): Ipv6 {
  return (value & IPV6_MAX) as Ipv6
}

export function isIpv4(address: Address): address is Ipv4 {
  return typeof address === 'number'
}

export function familyOf(address: Address): Family {
  return typeof address === 'number' ? 4 : 6
}

/** The address with all bits zero of a family: 0.0.0.0 or ::. */
export function anyAddress(family: Family): Address {
  return family === 4 ? IPV4_ANY : IPV6_ANY
}

/** 32 or 128. */
export function addressBits(family: Family): 32 | 128 {
  return family === 4 ? 32 : 128
}

/**
 * Dotted quad, four decimal octets, no leading zeros ("010.0.0.1" means octal to some tools: refused).
 * @returns null where the text is not exactly one IPv4 address
 */
export function parseIpv4(text: string): Ipv4 | null {
  let value = 0
  let octet = -1
  let octets = 0
  for (let i = 0; i <= text.length; i++) {
    const c = i < text.length ? text.charCodeAt(i) : 46 /* . */
    if (c === 46) {
      if (octet < 0) return null
      value = value * 256 + octet
      octet = -1
      octets++
    } else if (c >= 48 && c <= 57) {
      if (octet === 0) return null
      octet = (octet < 0 ? 0 : octet * 10) + c - 48
      if (octet > 255) return null
    } else return null
  }
  return octets === 4 ? (value as Ipv4) : null
}

/**
 * RFC 4291 text: `::` compression and an embedded dotted quad. No zone (`%eth0`): that is an interface, not an address.
 * @returns null where the text is not exactly one IPv6 address
 */
export function parseIpv6(text: string): Ipv6 | null {
  if (text.length < 2 || text.length > 45) return null
  const halves = text.split('::')
  if (halves.length > 2) return null
  const head = parseGroups(halves[0] ?? '', halves.length === 1)
  if (head === null) return null
  if (halves.length === 1) return head.length === 8 ? joinGroups(head) : null
  const tail = parseGroups(halves[1] ?? '', true)
  if (tail === null || head.length + tail.length > 7) return null
  return joinGroups([...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail])
}

function parseGroups(text: string, quadAllowed: boolean): number[] | null {
  if (text === '') return []
  const words = text.split(':')
  const groups: number[] = []
  for (const [i, word] of words.entries()) {
    if (quadAllowed && i === words.length - 1 && word.includes('.')) {
      const quad = parseIpv4(word)
      if (quad === null) return null
      groups.push(quad >>> 16, quad & 0xffff)
    } else if (/^[0-9a-fA-F]{1,4}$/.test(word)) groups.push(parseInt(word, 16))
    else return null
  }
  return groups
}

function joinGroups(groups: readonly number[]): Ipv6 {
  let value = 0n
  for (const group of groups) value = (value << 16n) | BigInt(group)
  return value as Ipv6
}

/** Either family. @returns null where the text is no address */
export function parseAddress(text: string): Address | null {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text)
}

/** Canonical text: dotted quad, or RFC 5952 for IPv6. */
export function formatAddress(address: Address): string {
  return typeof address === 'number' ? formatIpv4(address) : formatIpv6(address)
}

/** The texts of addresses that were written lately: the same few are written again and again. As many as this, by the low bits. */
const REMEMBERED = 4096
const remembered = new Uint32Array(REMEMBERED)
const texts: string[] = new Array<string>(REMEMBERED).fill('')

function formatIpv4(address: Ipv4): string {
  const slot = (address ^ (address >>> 12)) & (REMEMBERED - 1)
  const known = texts[slot] as string
  if (remembered[slot] === address && known !== '') return known
  const text = `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`
  remembered[slot] = address
  texts[slot] = text
  return text
}

function formatIpv6(address: Ipv6): string {
  const groups: number[] = []
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(Number((address >> shift) & 0xffffn))
  // v4-mapped addresses keep their quad: ::ffff:10.0.0.1
  if (isV4Mapped(address)) return `::ffff:${formatIpv4(Number(address & 0xffffffffn) as Ipv4)}`
  let start = -1
  let length = 1 // a single zero group is not compressed
  for (let i = 0; i < 8; i++) {
    let j = i
    while (j < 8 && groups[j] === 0) j++
    if (j - i > length) {
      start = i
      length = j - i
    }
    if (j > i) i = j
  }
  const hex = groups.map(group => group.toString(16))
  if (start < 0) return hex.join(':')
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`
}

/** 127.0.0.0/8, or ::1. */
export function isLoopback(address: Address): boolean {
  return typeof address === 'number' ? address >>> 24 === 127 : address === IPV6_LOOPBACK
}

/** 224.0.0.0/4, or ff00::/8. */
export function isMulticast(address: Address): boolean {
  return typeof address === 'number' ? address >>> 28 === 14 : address >> 120n === 0xffn
}

/** 169.254.0.0/16, or fe80::/10. */
export function isLinkLocal(address: Address): boolean {
  return typeof address === 'number' ? address >>> 16 === 0xa9fe : address >> 118n === 0x3fan
}

/** ::ffff:0:0/96: an IPv4 address in an IPv6 one. */
export function isV4Mapped(address: Address): boolean {
  return typeof address === 'bigint' && address >> 32n === 0xffffn
}
