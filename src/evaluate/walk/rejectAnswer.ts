import {type Address, formatAddress, TCP} from '../../net/index.js'
import type {Evidence} from '../../model/index.js'
import {lookup} from './lookup.js'
import {queryFor} from './queryFor.js'
import {selectSource} from '../network/sourceAddress.js'
import {selectSource6} from '../network/sourceAddress6.js'
import {addressType} from '../netfilter/addressType.js'
import type {Walk} from './walk.js'

const RST = 4

/** What REJECT sends back, from which address, and which way (nf_reject_ipv4.c, nf_reject_ipv6.c, icmp_send). Written as a step only. */
export function answerReject(walk: Walk, kind: string, evidence: Evidence): void {
  if (!walk.tracing) return
  walk.step('reject-answer', 'reject', kind, evidence, describe(walk, kind))
}

function describe(walk: Walk, kind: string): string {
  const {packet, network} = walk
  if (kind === 'tcp-reset') {
    if (packet.protocol !== TCP || (packet.tcpFlags & RST) !== 0) return 'nothing is sent back: a RST is not answered'
    return `a TCP reset goes back from ${formatAddress(packet.destination)} to ${formatAddress(packet.source)}`
  }
  if (isIcmpError(walk)) return 'nothing is sent back: ICMP errors are not answered'
  if (addressType(network, packet.destination, null) === 'BROADCAST')
    return 'nothing is sent back: the packet was a broadcast'
  const source = answerSource(walk)
  if (source === 'unroutable') return `nothing is sent back: there is no route to ${formatAddress(packet.source)}`
  const from = source === null ? '' : ` from ${formatAddress(source)}`
  return `${kind} goes back${from} to ${formatAddress(packet.source)}`
}

function isIcmpError(walk: Walk): boolean {
  const {family, protocol, icmpType} = walk.packet
  if (family === 6) return protocol === 58 && icmpType < 128
  return protocol === 1 && [3, 4, 5, 11, 12].includes(icmpType)
}

/** The error's source is chosen by its own route lookup, unless the packet was addressed to the node. */
function answerSource(walk: Walk): Address | 'unroutable' | null {
  const {packet, network} = walk
  if (addressType(network, packet.destination, null) === 'LOCAL') return packet.destination
  const result = lookup(walk, {
    ...queryFor(packet.source),
    mark: network.sysctls.get(`net.ipv${packet.family}.fwmark_reflect`, 0) === 0 ? 0 : packet.mark,
    tos: packet.tos,
    protocol: packet.family === 4 ? 1 : 58,
    reversed: true,
  })
  if (result.kind === 'error') return 'unroutable'
  const hop = result.hops[0]
  if (result.route.preferredSource !== null) return result.route.preferredSource
  if (hop?.interface == null) return null
  return packet.family === 4
    ? selectSource(network, hop.interface, typeof hop.gateway === 'number' ? hop.gateway : null)
    : selectSource6(network, hop.interface, packet.source)
}
