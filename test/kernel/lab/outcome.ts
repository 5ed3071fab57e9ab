import type {Disposition} from '../../../src/model/index.js'
import type {RuleHit} from './ruleTexts.js'
import type {Tuple} from './tuple.js'

/** What the node sent back when it would not take a packet. */
export interface Answer {
  readonly kind: 'icmp' | 'tcp-reset'
  readonly source: string
  readonly destination: string
  /** ICMP only. */
  readonly type: number | null
  readonly code: number | null
}

export interface RouteFound {
  /** 254: main, 255: local. */
  readonly table: number
  /** `10.0.0.0/8`, `::/0`, always with its length. */
  readonly prefix: string
}

/** What the kernel did with a packet. */
export interface MeasuredOutcome {
  /** Those that the observation admits: one, unless the kernel lost the packet without saying why. */
  readonly dispositions: readonly Disposition[]
  /** As it left, was delivered, or was last seen; null where it never reached a hook. */
  readonly packet: Tuple | null
  readonly mark: number
  /** Of a forwarded packet. */
  readonly egress: string | null
  /** Destination MAC of the frame; null where none came out. */
  readonly mac: string | null
  readonly rules: readonly RuleHit[]
  /** `table chain` of the base chains it passed, and of others it is known to have entered. */
  readonly chains: readonly string[]
  readonly answer: Answer | null
  readonly errno: string | null
  readonly drops: readonly string[]
  /** Where it was last seen, for a reader. */
  readonly lastSeen: string | null
  /** Where the kernel's lookup for a packet from the wire ends, asked again with what PREROUTING left of it; null: not asked. */
  readonly route: RouteFound | null
  readonly reply: MeasuredOutcome | null
}
