import {anyAddress, isLinkLocal, isMulticast, isV4Mapped} from '../../net/index.js'
import type {AddressType, NftExpression} from '../../model/index.js'
import {addressType} from '../netfilter/addressType.js'
import {isLimitedBroadcast, isZeroNet} from '../network/network.js'
import {lookup} from '../walk/lookup.js'
import {queryFor} from '../walk/queryFor.js'
import type {Walk} from '../walk/walk.js'

type Fib = Extract<NftExpression, {kind: 'fib'}>

/** RTN_UNSPEC …: what `fib … type` gives. */
const TYPES: readonly AddressType[] = [
  'UNSPEC',
  'UNICAST',
  'LOCAL',
  'BROADCAST',
  'ANYCAST',
  'MULTICAST',
  'BLACKHOLE',
  'UNREACHABLE',
  'PROHIBIT',
  'THROW',
  'NAT',
  'XRESOLVE',
]

/** `fib daddr . iif type`: the type of an address in the local table (nft_fib4_eval_type), as a number. */
export function fibType(walk: Walk, {of, device}: Fib): number {
  const {packet} = walk
  const limit = device === 'iif' ? packet.inInterface : device === 'oif' ? packet.outInterface : null
  const address = of === 'saddr' ? packet.source : packet.destination
  // nft_fib6_flowi_init looks link-local addresses up on the device that the packet is at
  const at = typeof address === 'bigint' && isLinkLocal(address) ? (packet.inInterface ?? packet.outInterface) : null
  const type = addressType(walk.network, address, limit ?? at)
  // nft_fib6_eval_type: ipv6_addr_type does not call a v4-mapped address unicast
  return TYPES.indexOf(type === 'UNICAST' && isV4Mapped(address) ? 'UNSPEC' : type)
}

/** Types of routes that lead to no device. */
const NOWHERE: ReadonlySet<string> = new Set(['local', 'anycast'])

/** `fib saddr . iif oif`: by which device the address is reached (nft_fib4_eval); the empty name: by none. */
export function fibDevice(walk: Walk, {of, device, mark}: Fib): string {
  const {packet} = walk
  const wanted = device === 'iif' ? packet.inInterface : device === 'oif' ? packet.outInterface : null
  if (packet.inInterface === 'lo') return 'lo'
  const {source, destination} = packet
  if (isZeroNet(source) && (isLimitedBroadcast(destination) || isMulticast(destination)))
    return packet.inInterface ?? ''
  const [from, to] = of === 'saddr' ? [destination, source] : [source, destination]
  const unusable = isMulticast(from) || isLimitedBroadcast(from) || isZeroNet(from)
  const result = lookup(walk, {
    ...queryFor(to),
    source: unusable ? anyAddress(packet.family) : from,
    inInterface: packet.family === 4 ? 'lo' : (wanted ?? packet.inInterface ?? 'lo'),
    mark: mark ? packet.mark : 0,
    tos: packet.tos,
    reversed: of === 'saddr',
    ignoreLinkState: true,
  })
  if (result.kind === 'error' || NOWHERE.has(result.type)) return ''
  if (wanted === null) return result.hops[0]?.interface ?? ''
  return result.route.nextHops.some(hop => hop.interface === wanted) ? wanted : ''
}
