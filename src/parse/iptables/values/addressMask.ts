import {
  addressBits,
  and,
  type Family,
  familyOf,
  maskLength,
  makePrefix,
  parseAddress,
  type Prefix,
} from '../../../net/index.js'
import type {MaskedAddress} from '../../../model/index.js'

/** `A`, `A/len`, `A/netmask`, also a netmask with holes. @returns null where it is none of them, or of the other family */
export function parseAddressMask(text: string, family: Family): Prefix | MaskedAddress | null {
  const slash = text.indexOf('/')
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash))
  if (address === null || familyOf(address) !== family) return null
  if (slash < 0) return makePrefix(address, addressBits(family))
  const suffix = text.slice(slash + 1)
  if (/^\d{1,3}$/.test(suffix)) {
    const length = Number(suffix)
    return length <= addressBits(family) ? makePrefix(address, length) : null
  }
  const mask = parseAddress(suffix)
  if (mask === null || familyOf(mask) !== family) return null
  const length = maskLength(mask)
  return length === null ? {address: and(address, mask), mask} : makePrefix(address, length)
}
