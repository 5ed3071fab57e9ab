import {type Address, anyAddress, familyOf} from '../../net/index.js'
import type {RouteQuery} from './lookup.js'

/** What the kernel asks of an address alone: an own packet to it, with no source, mark, ports or device yet. */
export function queryFor(destination: Address): RouteQuery {
  const family = familyOf(destination)
  return {
    family,
    source: anyAddress(family),
    destination,
    inInterface: 'lo',
    outInterface: null,
    device: null,
    mark: 0,
    tos: 0,
    protocol: 0,
    sourcePort: null,
    destinationPort: null,
    portsOpen: false,
    reversed: false,
    fromSocket: false,
    ignoreLinkState: false,
  }
}
