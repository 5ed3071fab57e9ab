import type {Disposition, JsonFlow, JsonPacket, Reason} from '../../model/index.js'
import {hostPort} from '../../net/index.js'

/** What became of the packet, in a word that heads the answer. */
export const DISPOSITIONS: Readonly<Record<Disposition, string>> = {
  forwarded: 'FORWARDED',
  delivered: 'DELIVERED',
  dropped: 'DROPPED',
  rejected: 'REJECTED',
  unroutable: 'UNROUTABLE',
  undetermined: 'UNDETERMINED',
}

export const REASONS: Readonly<Record<Reason, string>> = {
  FILTER_RULE: 'an iptables rule drops it',
  CHAIN_POLICY: "no rule decides and the chain's policy drops it",
  REJECT_RULE: 'an iptables rule rejects it, and the sender is told',
  SOURCE_VALIDATION: 'source validation (rp_filter): the way back to its source is another interface',
  MARTIAN_SOURCE: 'martian source: such a source address cannot come in here',
  MARTIAN_DESTINATION: 'martian destination: such a destination address cannot be routed',
  FORWARDING_DISABLED: 'forwarding is off, and the packet is not for this node',
  NO_ROUTE: 'no rule leads to a route',
  BLACKHOLE: 'a blackhole route or rule swallows it',
  UNREACHABLE: 'an unreachable route or rule refuses it, and the sender is told',
  PROHIBIT: 'a prohibit route or rule refuses it, and the sender is told',
  TTL_EXCEEDED: 'its TTL ends here',
  EARLY_DEMUX: 'it belongs to a socket of this node (early demultiplexing), so it is not forwarded',
  NAT_FAILED: 'NAT finds no address or port to use',
  INVALID_SOURCE: 'the node has no such source address to send from',
  NOT_FORWARDABLE: 'a packet of this kind is never forwarded',
  IPVS_NO_DESTINATION: 'its virtual service (IPVS) has no real server to give, and the sender is told',
  IPVS_DROPPED: 'IPVS drops it',
  MISSING_INPUT: 'the capture lacks what decides',
  UNMODELLED_TARGET: 'it meets an iptables target that is not modelled',
  UNMODELLED_RULES: 'it meets nftables rules that are not modelled',
  UNMODELLED_ROUTE: 'it meets a route or rule that is not modelled',
  ORDER_UNDETERMINED: 'the order of two rules decides, and the capture does not tell it',
  TOO_MANY_BRANCHES: 'too many ways are open to follow them all',
}

/** The packet arrives as far as this node can tell. */
export function arrives(disposition: Disposition): boolean {
  return disposition === 'forwarded' || disposition === 'delivered'
}

const PORT_PROTOCOLS = new Set(['tcp', 'udp', 'sctp', 'dccp', 'udplite'])

/** `10.0.0.1:53`, `[2001:db8::1]:53`, `10.0.0.1:any`; without a port for protocols that have none. */
export function formatEndpoint(address: string | null, port: number | null, proto: string): string {
  const host = address ?? 'any source'
  if (!PORT_PROTOCOLS.has(proto)) return host
  return hostPort(host, port ?? 'any')
}

/** `192.168.7.62:any → 10.100.0.10:53` */
export function formatTuple(packet: JsonFlow | JsonPacket): string {
  return `${formatEndpoint(packet.src, packet.sport, packet.proto)} → ${formatEndpoint(packet.dst, packet.dport, packet.proto)}`
}

export function formatMark(mark: number): string {
  return `0x${mark.toString(16)}`
}

/** What was given of a flow beyond its tuple: `mark 0x80 · TTL 1`. */
export function describeFlowDetails(flow: JsonFlow): string[] {
  const details: string[] = []
  if (flow.icmpType !== undefined)
    details.push(`type ${flow.icmpType}${flow.icmpCode === undefined ? '' : ` code ${flow.icmpCode}`}`)
  if (flow.tcpFlags !== undefined) details.push(`flags ${flow.tcpFlags}`)
  if (flow.mark !== 0) details.push(`mark ${formatMark(flow.mark)}`)
  if (flow.dscp !== undefined && flow.dscp !== 0) details.push(`DSCP ${flow.dscp}`)
  if (flow.ttl !== undefined) details.push(`TTL ${flow.ttl}`)
  if (flow.ctState !== undefined) details.push(`conntrack state ${flow.ctState}`)
  if (flow.oif !== undefined) details.push(`bound to ${flow.oif}`)
  return details
}
