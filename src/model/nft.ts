import type {Evidence, SourceRef} from './source.js'
import type {NatFlags} from './target.js'

export type NftFamily = 'ip' | 'ip6' | 'inet' | 'arp' | 'bridge' | 'netdev'

export type NftHook = 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting' | 'ingress' | 'egress'

/** What makes a chain a base chain: `type nat hook prerouting priority dstnat + 10; policy accept;` */
export interface NftBase {
  readonly type: 'filter' | 'nat' | 'route'
  readonly hook: NftHook
  /** Of ingress and egress; empty for all others. Null: the listing does not show them, as the JSON of nft 1.0.6 does not. */
  readonly devices: readonly string[] | null
  readonly priority: number
  readonly policy: 'accept' | 'drop'
}

/** One rule. `number` counts from 1 in its chain; nft's handles (`-a`) are other numbers. */
export interface NftRule extends Evidence {
  readonly number: number
  /** Null: listed without `-a`. */
  readonly handle: number | null
  readonly comment: string | null
  /** Run from left to right; one that fails ends the rule, and what those before it did stays done. */
  readonly statements: readonly NftStatement[]
}

export type NftStatement =
  /** Is the key in the set: all comparisons come to this. */
  | {
      readonly kind: 'match'
      readonly key: readonly NftExpression[]
      readonly negated: boolean
      readonly set: NftSetUse
      readonly text: string
    }
  | {readonly kind: 'vmap'; readonly key: readonly NftExpression[]; readonly set: NftSetUse; readonly text: string}
  | {readonly kind: 'verdict'; readonly verdict: NftVerdict}
  /** Writes a field of the packet, of its metadata or of its connection. */
  | {readonly kind: 'assign'; readonly target: NftExpression; readonly value: NftExpression; readonly text: string}
  | NftNat
  | {readonly kind: 'reject'; readonly with: NftReject; readonly text: string}
  | {readonly kind: 'notrack'}
  | {
      readonly kind: 'set-update'
      readonly operation: 'add' | 'update' | 'delete'
      readonly set: string
      readonly key: readonly NftExpression[]
      /** The element carries a statement that may fail: `limit rate over …`, `ct count …`. */
      readonly conditional: boolean
      readonly text: string
    }
  /** No answer of ours depends on it: counter, log, comment, a copy of the packet. */
  | {
      readonly kind: 'continue'
      readonly name: string
      /** The rule ends where this cannot be read: it names a header that the packet does not have, or a map that lacks the key. */
      readonly needs?: NftExpression
    }
  /** Holds or not by what the node saw before, or by what is not modelled: `limit rate …`, `quota …`, `ct count …`, `xt match …`. */
  | {readonly kind: 'condition'; readonly text: string}
  | NftFwd
  /** Gives the packet to a transparent socket, if one listens; `family`: packets of the other do not match. */
  | {readonly kind: 'tproxy'; readonly family: 'ip' | 'ip6' | null; readonly text: string}
  /** Answers the handshake in place of the server. */
  | {readonly kind: 'synproxy'; readonly text: string}
  /** `flow add @NAME`: later packets of the connection pass by the hooks. */
  | {readonly kind: 'flow'; readonly text: string}
  /** Recognised, and it does what is not modelled: queue, an `xt target` … */
  | {readonly kind: 'opaque'; readonly name: string; readonly text: string}
  /** The rest of a rule that the grammar does not know. */
  | {readonly kind: 'unknown'; readonly text: string}

export type NftVerdict =
  | {readonly kind: 'accept' | 'drop' | 'return' | 'continue'}
  | {readonly kind: 'jump' | 'goto'; readonly chain: string}
  | {readonly kind: 'queue'}

/** Sends the frame out by another device, past routing and the hooks of IP. */
export interface NftFwd {
  readonly kind: 'fwd'
  readonly device: NftExpression
  /** `fwd ip to 10.0.0.1 device "eth1"`: to whom; packets of the other family do not match. Null: the frame as it came. */
  readonly neighbour: {readonly family: 'ip' | 'ip6'; readonly address: NftExpression} | null
  readonly text: string
}

export interface NftNat {
  readonly kind: 'nat'
  readonly operation: 'dnat' | 'snat' | 'masquerade' | 'redirect'
  /** `dnat ip to`: packets of the other family do not match. */
  readonly family: 'ip' | 'ip6' | null
  /** Null: kept, or found by the kernel. */
  readonly address: NftExpression | null
  readonly ports: NftExpression | null
  /** `prefix to`: the host part is kept. */
  readonly prefix: boolean
  readonly flags: NatFlags
  readonly text: string
}

/** `icmp` in an inet table may mean both families where nft 1.0.6 printed it: its listing of a plain `reject` is not stable. */
export type NftReject =
  | {readonly kind: 'tcp-reset'}
  | {readonly kind: 'icmp' | 'icmpv6' | 'icmpx'; readonly code: string}
  /** Plain `reject`. */
  | {readonly kind: 'default'}

/** What a rule reads. `text` is its very text, for conditions. */
export type NftExpression =
  | {readonly kind: 'meta'; readonly key: string; readonly text: string}
  | {readonly kind: 'payload'; readonly protocol: string; readonly field: string; readonly text: string}
  | {
      readonly kind: 'ct'
      readonly key: string
      readonly direction: 'original' | 'reply' | null
      readonly text: string
    }
  | {
      readonly kind: 'fib'
      readonly of: 'saddr' | 'daddr'
      readonly mark: boolean
      readonly device: 'iif' | 'oif' | null
      readonly result: 'type' | 'oif' | 'oifname' | 'exists'
      readonly text: string
    }
  | {
      readonly kind: 'numgen'
      readonly mode: 'random' | 'inc'
      readonly modulus: number
      readonly offset: number
      readonly text: string
    }
  /** `seed` null: the kernel drew one, which no listing shows. `of` null: symhash. */
  | {
      readonly kind: 'hash'
      readonly of: readonly NftExpression[] | null
      readonly modulus: number
      readonly seed: number | null
      readonly offset: number
      readonly text: string
    }
  | {
      readonly kind: 'binary'
      readonly operator: '&' | '|' | '^' | '<<' | '>>'
      readonly left: NftExpression
      readonly right: NftExpression
      readonly text: string
    }
  | {readonly kind: 'map'; readonly key: readonly NftExpression[]; readonly set: NftSetUse; readonly text: string}
  | {readonly kind: 'literal'; readonly pattern: NftPattern; readonly text: string}
  | {readonly kind: 'unknown'; readonly text: string}

/** Integers, flags and IPv4 addresses are numbers, IPv6 addresses bigints, names and MACs strings. */
export type NftValue = number | bigint | string

/** What one dimension of a key is compared with. */
export type NftPattern =
  | {readonly kind: 'value'; readonly value: NftValue}
  /** Inclusive. Prefixes are ranges too. */
  | {readonly kind: 'range'; readonly min: number | bigint; readonly max: number | bigint}
  /** `"eth*"`: names that begin so. */
  | {readonly kind: 'wildcard'; readonly start: string}
  | {readonly kind: 'unknown'; readonly text: string}

export interface NftElement extends Evidence {
  /** One pattern for each dimension; null: `*`, what no other element matches. */
  readonly key: readonly NftPattern[] | null
  readonly verdict: NftVerdict | null
  /** Of a map: one pattern for each dimension of its value. */
  readonly data: readonly NftPattern[] | null
}

/** The elements that a rule is looked up in: its own, or those of a set or map of the table. */
export type NftSetUse =
  | {readonly kind: 'named'; readonly name: string}
  | {readonly kind: 'anonymous'; readonly elements: readonly NftElement[]}

/**
 * What a listing tells of a set's elements. `part`: it leaves elements out (`nft -t`), or ends within them. `unsure`: it shows none, and may have
 * left them out: nothing tells whether it is terse.
 */
export type NftSetListing = 'whole' | 'part' | 'unsure'

/** A set or map. `elements` may be parsed on first use. */
export interface NftSet extends Evidence {
  readonly name: string
  readonly isMap: boolean
  /** The line that says what its elements are: `type ipv4_addr . inet_service : verdict`; empty where the listing has none. */
  readonly type: string
  /** Elements come and go: by rules, or with time. What the listing shows may not hold any more. */
  readonly dynamic: boolean
  readonly elements: readonly NftElement[]
  readonly listed: NftSetListing
  /** Its elements carry a statement that may fail (`limit rate …`, `quota …`, `ct count …`): who finds one, or adds it again, asks that too. */
  readonly conditional: boolean
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
  readonly sets: ReadonlyMap<string, NftSet>
}

/** The tables of `nft list ruleset` (or of listings of single tables), in the order of the listing. */
export interface NftRuleset {
  readonly document: string
  readonly tables: readonly NftTable[]
  /** True where tables that are absent are absent on the node too: the whole ruleset was listed. */
  readonly complete: boolean
  /** Where the listing breaks off: what chains and tables follow is not known. */
  readonly cut?: SourceRef
}
