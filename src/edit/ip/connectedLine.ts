import type {InterfaceAddress} from '../../model/index.js'
import {formatAddress, formatPrefix, makePrefix} from '../../net/index.js'

/** The route to the subnet of an address, as `ip route` lists it. */
export function connectedLine({
  family,
  address,
  prefixLength,
  interface: device,
}: Pick<InterfaceAddress, 'family' | 'address' | 'prefixLength' | 'interface'>): string {
  const prefix = formatPrefix(makePrefix(address, prefixLength))
  if (family === 6) return `${prefix} dev ${device} proto kernel metric 256 pref medium`
  return `${prefix} dev ${device} proto kernel scope link src ${formatAddress(address)}`
}
