import {
  type Address,
  addressBits,
  type Family,
  formatAddress,
  formatPortRange,
  FULL_MASK,
  type MaskedValue,
  type PortRange,
  type Prefix,
} from '../../../net/index.js'
import type {MaskedAddress, NatRange} from '../../../model/index.js'

/** `10.0.0.1/32`: iptables always prints the length; `10.0.0.0/255.0.255.0` for a mask with holes. */
export function formatAddressMask(prefix: Prefix | MaskedAddress): string {
  return `${formatAddress(prefix.address)}/${'length' in prefix ? prefix.length : formatAddress(prefix.mask)}`
}

/** The same where a host stands without its length: `--ctorigsrc 1.1.1.1`. */
export function formatHostMask(prefix: Prefix | MaskedAddress): string {
  const host = 'length' in prefix && prefix.length === addressBits(prefix.family)
  return host ? formatAddress(prefix.address) : formatAddressMask(prefix)
}

export function formatInterface({name, wildcard}: {readonly name: string; readonly wildcard: boolean}): string {
  return wildcard ? `${name}+` : name
}

/** `5`, `5:9`. */
export function formatRange({min, max}: {readonly min: number; readonly max: number}, separator = ':'): string {
  return min === max ? String(min) : `${min}${separator}${max}`
}

/** `0x80/0x80`; a full mask is left out. */
export function formatMaskedHex({value, mask}: MaskedValue, full = FULL_MASK): string {
  return mask === full ? hex(value) : `${hex(value)}/${hex(mask)}`
}

export function hex(value: number): string {
  return `0x${value.toString(16)}`
}

/** `1.1.1.1-1.1.1.9:80-90/80`, `[fd00::1]:80`, `:8081`. */
export function formatNatRange({first, last, ports, basePort}: NatRange, family: Family): string {
  const addresses = formatAddresses(first, last)
  if (ports === null) return addresses
  const shown = family === 6 && addresses !== '' ? `[${addresses}]` : addresses
  return `${shown}:${formatNatPorts(ports)}${basePort === null ? '' : `/${basePort}`}`
}

function formatAddresses(first: Address | null, last: Address | null): string {
  if (first === null || last === null) return ''
  return first === last ? formatAddress(first) : `${formatAddress(first)}-${formatAddress(last)}`
}

export function formatNatPorts(ports: PortRange): string {
  return formatPortRange(ports, '-')
}
