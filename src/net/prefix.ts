import {
  type Address,
  addressBits,
  type Family,
  familyOf,
  formatAddress,
  type Ipv4,
  type Ipv6,
  parseAddress,
} from './address.js'

/** A CIDR block. `address` has its host bits cleared; `mask` is the netmask in the same representation. */
export interface Prefix {
  readonly family: Family
  readonly address: Address
  readonly length: number
  readonly mask: Address
}

/** Netmask of a prefix length: 24 → 255.255.255.0. */
export function netmask(family: Family, length: number): Address {
  if (family === 4) return (length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0) as Ipv4
  return (((1n << BigInt(length)) - 1n) << BigInt(128 - length)) as Ipv6
}

export function and(a: Address, b: Address): Address {
  return typeof a === 'number' ? (((a & (b as number)) >>> 0) as Ipv4) : ((a & (b as bigint)) as Ipv6)
}

/** Host bits are cleared, as the kernel does. @throws RangeError when the length does not fit the family */
export function makePrefix(address: Address, length: number): Prefix {
  const family = familyOf(address)
  if (!Number.isInteger(length) || length < 0 || length > addressBits(family)) {
    throw new RangeError(`prefix length ${length} does not fit IPv${family}`)
  }
  const mask = netmask(family, length)
  return {family, address: and(address, mask), length, mask}
}

/** One address: /32 or /128. */
export function hostPrefix(address: Address): Prefix {
  return makePrefix(address, addressBits(familyOf(address)))
}

/** 0.0.0.0/0 or ::/0. */
export function defaultPrefix(family: Family): Prefix {
  return family === 4 ? IPV4_DEFAULT : IPV6_DEFAULT
}
const IPV4_DEFAULT = makePrefix(0 as Ipv4, 0)
const IPV6_DEFAULT = makePrefix(0n as Ipv6, 0)

export function contains(prefix: Prefix, address: Address): boolean {
  if (typeof address === 'number') {
    return prefix.family === 4 && (address & (prefix.mask as number)) >>> 0 === prefix.address
  }
  return prefix.family === 6 && (address & (prefix.mask as bigint)) === prefix.address
}

/** True where every address of `inner` is in `outer`. */
export function covers(outer: Prefix, inner: Prefix): boolean {
  return outer.length <= inner.length && contains(outer, inner.address)
}

export function samePrefix(a: Prefix, b: Prefix): boolean {
  return a.address === b.address && a.length === b.length && a.family === b.family
}

/** Last address of the block: its broadcast address in IPv4. */
export function lastAddress(prefix: Prefix): Address {
  if (typeof prefix.address === 'number') return ((prefix.address | ~(prefix.mask as number)) >>> 0) as Ipv4
  return (prefix.address | ((1n << BigInt(128 - prefix.length)) - 1n)) as Ipv6
}

/**
 * `A/len`, `A/netmask` (IPv4), or a bare address (a host).
 * @returns null where the text is none of them
 */
export function parsePrefix(text: string): Prefix | null {
  const slash = text.indexOf('/')
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash))
  if (address === null) return null
  if (slash < 0) return hostPrefix(address)
  const length = parseLength(text.slice(slash + 1), familyOf(address))
  return length === null ? null : makePrefix(address, length)
}

function parseLength(text: string, family: Family): number | null {
  if (/^\d{1,3}$/.test(text)) {
    const length = Number(text)
    return length <= addressBits(family) ? length : null
  }
  const mask = parseAddress(text)
  return mask !== null && familyOf(mask) === family ? maskLength(mask) : null
}

/** Prefix length of a contiguous netmask, null for one with holes. */
export function maskLength(mask: Address): number | null {
  const family = familyOf(mask)
  for (let length = 0; length <= addressBits(family); length++) if (netmask(family, length) === mask) return length
  return null
}

/** `10.0.0.0/8`; a host without its length: `10.0.0.1`. */
export function formatPrefix(prefix: Prefix): string {
  const address = formatAddress(prefix.address)
  return prefix.length === addressBits(prefix.family) ? address : `${address}/${prefix.length}`
}
