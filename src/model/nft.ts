import type {Evidence, SourceRef} from './source.js'

export type NftFamily = 'ip' | 'ip6' | 'inet' | 'arp' | 'bridge' | 'netdev'

export type NftHook = 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting' | 'ingress' | 'egress'

/** What makes a chain a base chain: `type nat hook prerouting priority dstnat + 10; policy accept;` */
export interface NftBase {
  readonly type: 'filter' | 'nat' | 'route'
  readonly hook: NftHook
  /** Of ingress and egress; empty for all others. */
  readonly devices: readonly string[]
  readonly priority: number
  readonly policy: 'accept' | 'drop'
}

/** One rule. `number` counts from 1 in its chain. */
export interface NftRule extends Evidence {
  readonly number: number
}

/** A chain. `rules` may be parsed on first use: reading it can be slow once, and adds to the diagnostics of its document. */
export interface NftChain extends Evidence {
  readonly name: string
  /** Null: a regular chain, which only jumps lead to. */
  readonly base: NftBase | null
  /** It is a base chain, and where it hooks in could not be read. */
  readonly misplaced: boolean
  /** How many rules there are; does not parse them. */
  readonly ruleCount: number
  readonly rules: readonly NftRule[]
  /** The capture ends in this chain: rules may be missing from its end. */
  readonly cut?: SourceRef
}

export interface NftTable extends Evidence {
  readonly family: NftFamily
  readonly name: string
  /** `flags dormant`: its base chains are not hooked in. */
  readonly dormant: boolean
  /** nft says so, or it prints expressions that only iptables-nft makes: this view of the table is lossy. */
  readonly ofIptables: boolean
  /** In the order of the listing, which is that of their creation. */
  readonly chains: ReadonlyMap<string, NftChain>
}

/** The tables of `nft list ruleset` (or of listings of single tables), in the order of the listing. */
export interface NftRuleset {
  readonly document: string
  readonly tables: readonly NftTable[]
  /** True where tables that are absent are absent on the node too: the whole ruleset was listed. */
  readonly complete: boolean
}
