import {type Ipv6, IPV6_ANY, isMulticast, isV4Mapped} from '../../net/index.js'
import type {AddressType} from '../../model/index.js'
import {lookup} from '../walk/lookup.js'
import {queryFor} from '../walk/queryFor.js'
import type {Walk} from '../walk/walk.js'

const LOOKED_UP: ReadonlySet<AddressType> = new Set(['LOCAL', 'ANYCAST', 'PROHIBIT', 'UNREACHABLE'])

/**
 * `-m addrtype` in IPv6 (match_type6 in net/netfilter/xt_addrtype.c): UNICAST, MULTICAST and UNSPEC go by the look of the address and must hold
 * each; LOCAL and its like are what a route lookup says, policy rules included, and one of them must hold.
 */
export function hasAddressTypes6(
  walk: Walk,
  address: Ipv6,
  types: readonly AddressType[],
  device: string | null,
): boolean {
  const multicast = isMulticast(address)
  if (types.includes('MULTICAST') && !multicast) return false
  // nor is a v4-mapped address of the kernel's type "unicast"
  if (types.includes('UNICAST') && (multicast || address === IPV6_ANY || isV4Mapped(address))) return false
  if (types.includes('UNSPEC') && address !== IPV6_ANY) return false
  if (!types.some(type => LOOKED_UP.has(type))) return true
  return types.some(type => typesByRoute(walk, address, device).has(type))
}

function typesByRoute(walk: Walk, address: Ipv6, device: string | null): ReadonlySet<AddressType> {
  const result = lookup(walk, {
    ...queryFor(address),
    outInterface: device,
    device: device === null ? null : {name: device, reach: 'only'},
  })
  const found = new Set<AddressType>()
  if (device !== null && walk.network.interfaces.addresses(device, 6).some(own => own.address === address))
    found.add('LOCAL')
  if (result.kind === 'error') return found.add('UNREACHABLE')
  if (device === null && result.type === 'local') found.add('LOCAL')
  if (result.type === 'anycast') found.add('ANYCAST')
  return found
}
