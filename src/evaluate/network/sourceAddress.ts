import {type Address, contains, isIpv4, makePrefix} from '../../net/index.js'
import type {AddressScope, InterfaceAddress} from '../../model/index.js'
import type {Network} from './network.js'

/** rt_scope_t: smaller is wider. */
const SCOPES: Readonly<Record<string, number>> = {global: 0, site: 200, link: 253, host: 254, nowhere: 255}

function scopeNumber(scope: AddressScope): number {
  return typeof scope === 'number' ? scope : (SCOPES[scope] ?? 0)
}

/** The scopes that a source may have: `universe` for MASQUERADE, `link` for own packets to a neighbour. */
export type WantedScope = 'universe' | 'link'

/**
 * inet_select_addr (net/ipv4/devinet.c): the first primary address of the device in the next hop's subnet, else its first; a device without
 * one borrows from the others in order of ifindex, `lo` first.
 * @returns null where no interface has a usable address, or the capture lists none
 */
export function selectSource(
  network: Network,
  device: string,
  nextHop: Address | null,
  wanted: WantedScope = 'universe',
): Address | null {
  const widest = wanted === 'universe' ? 0 : 253
  let first: Address | null = null
  for (const own of network.interfaces.addresses(device, 4)) {
    if (own.secondary || scopeNumber(own.scope) > widest) continue
    if (nextHop === null || onSubnet(own, nextHop)) return own.address
    first ??= own.address
  }
  return first ?? borrowed(network, widest)
}

function onSubnet(own: InterfaceAddress, address: Address): boolean {
  return isIpv4(address) && contains(makePrefix(own.peer ?? own.address, own.prefixLength), address)
}

function borrowed(network: Network, widest: number): Address | null {
  for (const own of network.interfaces.allAddresses(4)) {
    if (!own.secondary && own.scope !== 'link' && scopeNumber(own.scope) <= widest) return own.address
  }
  return null
}
