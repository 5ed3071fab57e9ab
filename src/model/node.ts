import type {Family} from '../net/index.js'
import type {IptablesRuleset} from './chain.js'
import type {ConntrackEntry} from './conntrack.js'
import type {Counter} from './counter.js'
import type {Diagnostic} from './diagnostic.js'
import type {IpamdState} from './ipamd.js'
import type {IpSet} from './ipset.js'
import type {IpvsState} from './ipvs.js'
import type {InterfaceAddress, Link} from './link.js'
import type {Neighbour} from './neighbour.js'
import type {NftRuleset} from './nft.js'
import type {PolicyRule, Route} from './routing.js'
import type {Evidence, SourceRef} from './source.js'

/** A document of the capture: what the answer was read from. */
export interface CaptureDocument {
  readonly name: string
  /** The command whose output it is, as far as known. */
  readonly command: string | null
  /** Hex digest of the raw bytes. */
  readonly sha256: string
  readonly bytes: number
}

/** Something that was not in the capture: which command would have told, and what its absence costs. */
export interface MissingInput {
  readonly code: MissingCode
  /** `ip neigh` */
  readonly command: string
  /** One sentence. */
  readonly cost: string
}

export type MissingCode =
  | 'RULES'
  | 'ROUTES'
  | 'RULES6'
  | 'ROUTES6'
  | 'ADDRESSES'
  | 'LINKS'
  | 'NEIGHBOURS'
  | 'IPTABLES'
  | 'IP6TABLES'
  | 'TABLES'
  | 'TABLES6'
  | 'OTHER_BACKEND'
  | 'NFT'
  | 'IPSET'
  | 'IPVS'
  | 'SYSCTL'
  | 'CONNTRACK'
  | 'IPAMD'

/** What is known of the routing of one family. */
export interface RoutingState {
  readonly family: Family
  /** Null: the capture has no `ip rule` of this family. */
  readonly rules: readonly PolicyRule[] | null
  /** Null: the capture has no routes of this family at all. */
  readonly routes: readonly Route[] | null
  /**
   * Tables whose content is known, because a listing covers them (`table all` covers every table; `ip route show table 2` covers 2).
   * `'all'`: a listing of all tables was read.
   */
  readonly listedTables: 'all' | ReadonlySet<number | string>
  /** True where the local table was listed with its kernel routes; otherwise it is derived from the addresses. */
  readonly localTableListed: boolean
}

export interface SysctlValue extends Evidence {
  readonly key: string
  readonly value: string
}

/** One network namespace beside the node's own: the pod side. */
export interface NamespaceState {
  readonly name: string
  readonly links: readonly Link[]
  readonly addresses: readonly InterfaceAddress[]
  readonly routes: readonly Route[]
  readonly neighbours: readonly Neighbour[]
}

/** An `iptables-save` or `ip6tables-save` that printed nothing. */
export interface SilentSave {
  readonly family: Family
  readonly source: SourceRef
}

/** What a capture says of one node. Nothing is assumed here: null and empty mean "the capture does not say" where stated. */
export interface NodeState {
  /** Where it was read: folder, file, `ssh://host` or `live`. */
  readonly origin: string
  readonly hostname: string | null
  /** The EC2 instance; null where the capture does not say. */
  readonly instance: (Evidence & {readonly id: string}) | null
  /** ISO 8601 where the capture says so. */
  readonly capturedAt: string | null
  readonly documents: readonly CaptureDocument[]
  readonly missing: readonly MissingInput[]
  readonly diagnostics: readonly Diagnostic[]
  /** Null: neither `ip link` nor `ip addr` nor another source of interfaces. */
  readonly links: readonly Link[] | null
  /** Null: no list of addresses; the evaluator falls back to local routes, src hints and SNAT rules, and says so. */
  readonly addresses: readonly InterfaceAddress[] | null
  readonly neighbours: readonly Neighbour[] | null
  readonly routing: {readonly 4: RoutingState; readonly 6: RoutingState}
  /** Each save of the capture; empty: netfilter is unknown. */
  readonly iptables: readonly IptablesRuleset[]
  /** Saves that were captured and hold nothing, which may or may not mean that there are no rules. */
  readonly silentSaves: readonly SilentSave[]
  /** Null: no listing of nftables. */
  readonly nft: NftRuleset | null
  /** Null: no ipset listing. */
  readonly ipsets: ReadonlyMap<string, IpSet> | null
  readonly ipvs: IpvsState
  readonly conntrack: readonly ConntrackEntry[] | null
  /** `conntrack -S`; null: none. */
  readonly conntrackCounters: readonly Counter[] | null
  /** `ethtool -S`, all interfaces; null: none. */
  readonly cardCounters: readonly Counter[] | null
  /** By key with dots (`net.ipv4.conf.eth0.rp_filter`; a dot inside an interface name is a slash). Null: no sysctl at all. */
  readonly sysctl: ReadonlyMap<string, SysctlValue> | null
  readonly namespaces: readonly NamespaceState[]
  readonly ipamd: IpamdState | null
  /** `ip -V`, `iptables -V` … by tool. */
  readonly toolVersions: ReadonlyMap<string, string>
}
