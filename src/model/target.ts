import type {Address, MaskedValue, PortRange, Prefix} from '../net/index.js'
import type {ConntrackZone} from './conntrack.js'

/** What an iptables rule does when all its matches are true. */
export type Target =
  /** No `-j`: the rule only counts. */
  | {readonly kind: 'none'}
  | {readonly kind: 'accept'}
  | {readonly kind: 'drop'}
  | {readonly kind: 'return'}
  | {readonly kind: 'jump' | 'goto'; readonly chain: string}
  /** `with`: the --reject-with word (`icmp-port-unreachable`, `tcp-reset` …). */
  | {readonly kind: 'reject'; readonly with: string}
  /** new mark = (mark & ~mask) ^ value: all of --set-mark, --or-mark, --and-mark, --xor-mark come to this. */
  | {readonly kind: 'mark'; readonly set: MaskedValue}
  | {readonly kind: 'connmark-set'; readonly set: MaskedValue}
  /** ctmark = (ctmark & ~ctMask) ^ (mark & nfMask). */
  | {readonly kind: 'connmark-save'; readonly nfMask: number; readonly ctMask: number}
  /** mark = (mark & ~nfMask) ^ (ctmark & ctMask). */
  | {readonly kind: 'connmark-restore'; readonly nfMask: number; readonly ctMask: number}
  | {readonly kind: 'dnat' | 'snat'; readonly ranges: readonly NatRange[]; readonly flags: NatFlags}
  /** `ports` null: any. */
  | {readonly kind: 'masquerade' | 'redirect'; readonly ports: PortRange | null; readonly flags: NatFlags}
  | {readonly kind: 'netmap'; readonly prefix: Prefix}
  | {readonly kind: 'notrack'}
  /** Hands the packet to a transparent socket of the node. Address null: that of the device it came in by. Port 0: the packet's. */
  | {
      readonly kind: 'tproxy'
      readonly address: Address | null
      readonly port: number
      readonly set: MaskedValue
      readonly text: string
    }
  /** `-j CT` without --notrack: zone, helper, events. */
  | {readonly kind: 'ct'; readonly zone: ZoneOfTarget; readonly helper: string | null; readonly text: string}
  /** Sets the DSCP field, 0 … 63. */
  | {readonly kind: 'dscp-set'; readonly value: number}
  /** new TOS = (tos & ~mask) ^ value. */
  | {readonly kind: 'tos-set'; readonly set: MaskedValue}
  | {readonly kind: 'ttl-set'; readonly operation: 'set' | 'inc' | 'dec'; readonly value: number}
  /** `-j SET`: changes an ipset; the rule goes on. */
  | {
      readonly kind: 'set-add' | 'set-del'
      readonly set: string
      readonly directions: readonly ('src' | 'dst')[]
      readonly text: string
    }
  /** Goes on to the next rule, and no answer of ours depends on it: LOG, NFLOG, TCPMSS, CHECKSUM, CLASSIFY, TRACE … */
  | {readonly kind: 'continue'; readonly name: string; readonly text: string}
  /** Ends the walk in a way that is not modelled: NFQUEUE, SYNPROXY, an unknown name … */
  | {readonly kind: 'opaque'; readonly name: string; readonly text: string; readonly recognised: boolean}

/** `mark`: the lower 16 bits of the packet's mark when connection tracking looks the packet up. */
export interface ZoneOfTarget {
  readonly id: number | 'mark'
  readonly direction: ConntrackZone['direction']
}

export type TargetKind = Target['kind']

/** `--to-destination`: both null means the address is kept (ports only). */
export interface NatRange {
  readonly first: Address | null
  readonly last: Address | null
  readonly ports: PortRange | null
  /** `--to-destination A:p-q/base` (shifted port map): the first port of the original range. */
  readonly basePort: number | null
}

export interface NatFlags {
  readonly random: boolean
  readonly fullyRandom: boolean
  readonly persistent: boolean
}
