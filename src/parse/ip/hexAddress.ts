import {formatAddress, ipv6, type Ipv4, ipv4} from '../../net/index.js'

/** /proc/net/route: an address as a native 32-bit word, which on little-endian machines runs backwards: `0100000A` is 10.0.0.1. */
export function parseHex4(text: string): Ipv4 | null {
  if (!/^[0-9A-Fa-f]{8}$/.test(text)) return null
  const word = parseInt(text, 16)
  return ipv4(((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24))
}

/** /proc/net/ipv6_route: 32 hexadecimal digits. @returns the address in its usual text */
export function parseHex6(text: string): string | null {
  return /^[0-9A-Fa-f]{32}$/.test(text) ? formatAddress(ipv6(BigInt(`0x${text}`))) : null
}
