import type {Address, Family} from '../net/index.js'
import type {Evidence} from './source.js'

/** One direction of a connection. Ports are the ICMP type/code/id for ICMP (see `icmp`). */
export interface ConntrackTuple {
  readonly source: Address
  readonly destination: Address
  readonly sourcePort: number | null
  readonly destinationPort: number | null
  readonly icmp: {readonly type: number; readonly code: number; readonly id: number} | null
}

/**
 * A zone of connection tracking: connections are looked up among those of their zone alone. A zone may be that of one direction only
 * (`zone-orig=`, `--zone-reply`); the other direction is then in zone 0.
 */
export interface ConntrackZone {
  /** 0 … 65535; 0 is where everything is that no rule put elsewhere. */
  readonly id: number
  readonly direction: 'both' | 'original' | 'reply'
}

/** One entry of `conntrack -L` or /proc/net/nf_conntrack. */
export interface ConntrackEntry extends Evidence {
  readonly family: Family
  readonly protocol: number
  readonly original: ConntrackTuple
  readonly reply: ConntrackTuple
  /** TCP state (`ESTABLISHED`, `TIME_WAIT` …); null for protocols without. */
  readonly state: string | null
  readonly unreplied: boolean
  readonly assured: boolean
  /** Seconds until it expires. */
  readonly timeout: number | null
  readonly mark: number
  readonly zone: ConntrackZone
}
