import type {Address} from '../../net/index.js'
import type {ConntrackEntry, ConntrackZone, ZoneOfTarget} from '../../model/index.js'

/** One direction of a tracked connection. Ports are null where open, or where the protocol has none. */
export interface Tuple {
  source: Address
  destination: Address
  sourcePort: number | null
  destinationPort: number | null
}

/** What conntrack keeps of the flow (struct nf_conn). NAT lives in the reply tuple: it is where answers are expected. */
export interface Connection {
  readonly protocol: number
  readonly zone: ConntrackZone
  readonly original: Tuple
  reply: Tuple
  mark: number
  /** IPS_SRC_NAT, IPS_DST_NAT: NAT changed this side. */
  sourceNat: boolean
  destinationNat: boolean
  /** IPS_SRC_NAT_DONE, IPS_DST_NAT_DONE: the decision has been made, be it "no NAT"; nat chains are not asked again. */
  sourceDone: boolean
  destinationDone: boolean
  confirmed: boolean
  seenReply: boolean
  assured: boolean
  expected: boolean
  /** The entry of the capture that this is; null for one that this walk made. */
  readonly entry: ConntrackEntry | null
}

/**
 * What a rule hangs on a packet ahead of connection tracking, to say in which zone to look it up (nf_ct_tmpl_alloc). Until then it stands in
 * for the connection: matches see a NEW packet of a connection of no addresses.
 */
export interface ConntrackTemplate extends Connection {
  readonly wants: ZoneOfTarget
}

export function isTemplate(connection: Connection | null): connection is ConntrackTemplate {
  return connection !== null && 'wants' in connection
}

/** ctinfo of a packet. `none`: conntrack has not seen it yet. */
export type CtInfo = 'none' | 'new' | 'established' | 'related' | 'invalid' | 'untracked'

export type Direction = 'original' | 'reply'

export function invert(tuple: Tuple): Tuple {
  return {
    source: tuple.destination,
    destination: tuple.source,
    sourcePort: tuple.destinationPort,
    destinationPort: tuple.sourcePort,
  }
}
