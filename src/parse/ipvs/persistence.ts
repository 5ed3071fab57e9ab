import {addressBits, type Family, maskLength, parseAddress} from '../../net/index.js'
import type {IpvsPersistence} from '../../model/index.js'

/** @param mask dotted for IPv4, a length for IPv6; null: each client by itself @returns null where it makes no sense */
export function readPersistence(timeout: string, mask: string | null, family: Family): IpvsPersistence | null {
  if (!/^\d+$/.test(timeout)) return null
  const address = mask === null ? null : parseAddress(mask)
  const bits = mask === null ? addressBits(family) : address === null ? Number(mask) : maskLength(address)
  if (bits === null || !Number.isInteger(bits) || bits < 0 || bits > addressBits(family)) return null
  return {timeout: Number(timeout), clientBits: bits}
}
