import type {Address, Family, Mac} from '../../net/index.js'
import type {Connection, CtInfo, Direction} from './connection.js'
import type {DeviceChoice, RouteResult} from './lookup.js'

/** Inclusive ranges that a value may still be in; a match on an open value splits it. */
export type OpenRanges = readonly {readonly min: number; readonly max: number}[]

/** The packet under way: struct sk_buff, as far as the answer depends on it. Mutable; one walk owns it. */
export interface Packet {
  readonly family: Family
  readonly protocol: number
  source: Address
  destination: Address
  /** Null: not given, or chosen by NAT out of a set. */
  sourcePort: number | null
  destinationPort: number | null
  /** What is still possible for a port that is null. */
  openSourcePorts: OpenRanges
  openDestinationPorts: OpenRanges
  readonly icmpType: number
  readonly icmpCode: number
  readonly tcpFlags: number
  /** Flags it may have instead (the answer of a closed port is a RST); null: none. */
  readonly otherTcpFlags: number | null
  mark: number
  /** Whole TOS byte. */
  tos: number
  ttl: number
  /** Bytes of the IP packet, as far as known. */
  openLength: OpenRanges
  /** Device it came in by; null in OUTPUT. */
  inInterface: string | null
  outInterface: string | null
  /** Out device as the chains of a hook see it; in OUTPUT that of before any reroute (nf_hook_state.out). */
  hookOut: string | null
  /** Source MAC on the link; null: unknown or none. */
  readonly sourceMac: Mac | null
  /** The answer to an earlier packet of the flow. */
  readonly isAnswer: boolean
  /** By whom it was made: by this node (`process`), or by somebody else. */
  readonly maker: 'wire' | 'process'
  /** A transparent socket of the node has it (TPROXY), or sends it: it may have any source. */
  transparent: boolean
  /** Device that the sending socket is bound to. */
  readonly boundInterface: string | null
  /** IPv6 echo replies of the node: the device of the request, which the lookup heeds. */
  readonly answerDevice: DeviceChoice | null
  connection: Connection | null
  ctInfo: CtInfo
  direction: Direction
  /** Sent out past routing (`fwd` of nftables), to whom; null within: with the frame's own addresses. Null: it was not. */
  handedTo: {readonly neighbour: Address | null} | null
  /** IPVS has had it in hand, and does not look at it again (skb->ipvs_property). */
  ipvs: boolean
  /** Whoever gets it answers the client by another way than this node: direct routing and tunnels of IPVS. */
  answeredElsewhere: boolean
  /** Where it goes: the routing decision it carries (skb_dst). */
  route: RouteResult | null
}

export const ALL_PORTS: OpenRanges = [{min: 0, max: 65535}]
