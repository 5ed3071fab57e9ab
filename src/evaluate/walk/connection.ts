import type {Address} from '../../net/index.js'
import type {ConntrackEntry} from '../../model/index.js'

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
