import type {Family} from '../net/index.js'
import type {Match} from './match.js'
import type {Evidence, SourceRef} from './source.js'
import type {Target} from './target.js'

export type Hook = 'PREROUTING' | 'INPUT' | 'FORWARD' | 'OUTPUT' | 'POSTROUTING'

export const HOOKS: readonly Hook[] = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']

export type TableName = 'raw' | 'mangle' | 'nat' | 'filter' | 'security'

export const TABLES: readonly TableName[] = ['raw', 'mangle', 'nat', 'filter', 'security']

/** Which kernel subsystem holds the rules. A save of 1.4 has no marker: legacy. */
export type Backend = 'iptables-legacy' | 'iptables-nft'

/** One iptables rule. `number` counts from 1 in its chain, as `iptables -L --line-numbers` does. */
export interface ChainRule extends Evidence {
  readonly number: number
  /** In the order of the text. */
  readonly matches: readonly Match[]
  readonly target: Target
  /** `-m comment`, several joined with a blank; null where there is none. */
  readonly comment: string | null
  /** Packets and bytes, where the listing has them (`-c`, `-v`). BigInt-safe text is not needed: they are only shown. */
  readonly counters: {readonly packets: number; readonly bytes: number} | null
}

type DeviceMatch<K extends 'in-interface' | 'out-interface'> = Match & {readonly kind: K}

/**
 * What most rules of IPv4 ask first, or only, in the form in which it is compared fastest: struct ipt_ip. Networks are signed 32-bit numbers, which
 * is what `&` gives, with their host bits cleared; mask 0 holds every address.
 */
export interface RuleHeader {
  readonly source: number
  readonly sourceMask: number
  readonly notSource: boolean
  readonly destination: number
  readonly destinationMask: number
  readonly notDestination: boolean
  /** 0: any. */
  readonly protocol: number
  readonly notProtocol: boolean
  /** Null: any. */
  readonly inInterface: DeviceMatch<'in-interface'> | null
  readonly outInterface: DeviceMatch<'out-interface'> | null
}

/** A rule of IPv4 that asks and does little, without its text. */
export interface RuleSketch extends RuleHeader {
  /** Null: any. */
  readonly destinationPort: number | null
  /** `-m statistic --mode random --probability`; null: not asked. */
  readonly probability: number | null
  readonly target: Target | null
}

/**
 * A chain. `rules` may be parsed on first use: reading it can be slow once, and adds to the diagnostics of its document.
 */
export interface Chain {
  readonly name: string
  /** Base chains only: what happens at the end. Null for a user-defined chain. */
  readonly policy: 'ACCEPT' | 'DROP' | null
  /** Null where the chain is not declared by a line of its own. */
  readonly source: SourceRef | null
  readonly text: string
  /** How many rules there are; does not parse them. */
  readonly ruleCount: number
  readonly rules: readonly ChainRule[]
  /** One of `rules`, without parsing all of them; absent where they came otherwise. @param position from 0 */
  rule?(position: number): ChainRule
  /** The gist of a rule, much faster than the rule; null where only the rule tells. Absent where the rules came otherwise. */
  sketch?(position: number): RuleSketch | null
  /** The lines of the rules as they stand, without parsing them; absent where the rules came otherwise. */
  lines?(): Iterable<string>
  /** The capture ends in this chain or before it: rules may be missing from its end, so what happens behind its last rule is unknown. */
  readonly cut?: SourceRef
}

export interface IptablesTable {
  readonly name: string
  readonly chains: ReadonlyMap<string, Chain>
  readonly source: SourceRef
}

/** One `iptables-save` (or the `-S`/`-nvL` listings that amount to one): the tables of a backend and a family. */
export interface IptablesRuleset {
  readonly family: Family
  readonly backend: Backend
  /** False where the text does not say which backend wrote it. */
  readonly backendKnown: boolean
  readonly document: string
  /** `1.8.9`; null where there is no header. */
  readonly version: string | null
  /** When it was saved, as the header says it; null where absent. */
  readonly savedAt: string | null
  readonly tables: ReadonlyMap<string, IptablesTable>
  /** Tables that exist but could not be listed ("incompatible"): unknown, not empty. */
  readonly unlisted: readonly {readonly table: string; readonly source: SourceRef; readonly text: string}[]
  /**
   * True where tables that are absent are absent on the node too: a whole save by root. False for a fragment
   * (`iptables -t nat -S`, a paste): absent tables are then unknown.
   */
  readonly complete: boolean
}
