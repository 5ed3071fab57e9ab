import {type Address, contains, type Prefix} from '../../net/index.js'
import type {MaskedAddress} from '../../model/index.js'

/** Is an address in a prefix, or under a mask with holes? Of the other family it is in neither. */
export function covered(prefix: Prefix | MaskedAddress, address: Address): boolean {
  if ('length' in prefix) return contains(prefix, address)
  if (typeof address === 'number')
    return typeof prefix.mask === 'number' && (address & prefix.mask) >>> 0 === prefix.address
  return typeof prefix.mask === 'bigint' && (address & prefix.mask) === prefix.address
}
