import {type Address, anyAddress, IPV6_ANY, isLinkLocal, isMulticast} from '../../net/index.js'
import type {Match} from '../../model/index.js'
import {isLimitedBroadcast, isZeroNet} from '../network/network.js'
import {lookup} from '../walk/lookup.js'
import type {Walk} from '../walk/walk.js'

/** `-m rpfilter` (net/ipv4/netfilter/ipt_rpfilter.c): does the way back to the source lead out of the device it came in by. */
export function reversePathMatches(walk: Walk, match: Extract<Match, {kind: 'rp-filter'}>): boolean {
  const {packet} = walk
  const device = packet.inInterface
  if (device === null || device === 'lo') return true
  if (packet.source === IPV6_ANY) return true
  const {destination} = packet
  const toLink = isLimitedBroadcast(destination) || isLocalMulticast(destination)
  if (isZeroNet(packet.source) && toLink) return true
  const unusable = isMulticast(destination) || isLimitedBroadcast(destination) || isZeroNet(destination)
  // IPv6 asks for the very device, unless any will do (ip6t_rpfilter.c)
  const prefers = packet.family === 6 && (!match.loose || isLinkLocal(packet.source))
  const result = lookup(walk, {
    family: packet.family,
    source: unusable ? anyAddress(packet.family) : destination,
    destination: packet.source,
    inInterface: 'lo',
    outInterface: prefers ? device : null,
    device: prefers ? {name: device, reach: isLinkLocal(packet.source) ? 'only' : 'prefix'} : null,
    mark: match.validMark ? packet.mark : 0,
    tos: packet.tos,
    protocol: packet.family === 6 ? packet.protocol : 0,
    sourcePort: null,
    destinationPort: null,
    portsOpen: false,
    reversed: true,
    fromSocket: false,
    ignoreLinkState: true,
  })
  if (result.kind === 'error') return false
  if (result.type !== 'unicast' && (result.type !== 'local' || !match.acceptLocal)) return false
  if (packet.family === 6 && result.type === 'local') return true
  return match.loose || result.route.nextHops.some(hop => hop.interface === device)
}

/** 224.0.0.0/24: never leaves the link. */
function isLocalMulticast(address: Address): boolean {
  return typeof address === 'number' && address >>> 8 === 0xe00000
}
