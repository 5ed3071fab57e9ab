import type {Address, MaskedValue, PortRange, Prefix} from '../net/index.js'

/**
 * One condition of an iptables rule. `negated` is the `!` before it.
 * Conditions on the basic header (`-s`, `-i`, `-p` …) are matches like all others.
 */
export type Match =
  | {readonly kind: 'source' | 'destination'; readonly negated: boolean; readonly prefix: Prefix | MaskedAddress}
  /** `name` without its `+`; with `wildcard` a prefix. `-i +` is an empty prefix. */
  | {
      readonly kind: 'in-interface' | 'out-interface'
      readonly negated: boolean
      readonly name: string
      readonly wildcard: boolean
    }
  | {readonly kind: 'protocol'; readonly negated: boolean; readonly protocol: number}
  /** `-f`: second and further fragments. */
  | {readonly kind: 'fragment'; readonly negated: boolean}
  | {readonly kind: 'source-port' | 'destination-port'; readonly negated: boolean; readonly range: PortRange}
  /** `-m multiport`; `side` either = --ports. */
  | {
      readonly kind: 'multiport'
      readonly negated: boolean
      readonly side: 'source' | 'destination' | 'either'
      readonly ranges: readonly PortRange[]
    }
  /** Bits: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32. */
  | {readonly kind: 'tcp-flags'; readonly negated: boolean; readonly mask: number; readonly flags: number}
  | {readonly kind: 'tcp-option'; readonly negated: boolean; readonly option: number}
  /** ICMP or ICMPv6 by the rule's family. `type` null: any. Codes inclusive, 0–255. */
  | {
      readonly kind: 'icmp'
      readonly negated: boolean
      readonly type: number | null
      readonly code: {readonly min: number; readonly max: number}
    }
  | {readonly kind: 'comment'; readonly negated: false; readonly text: string}
  | {readonly kind: 'mark'; readonly negated: boolean; readonly mark: MaskedValue}
  | {readonly kind: 'connmark'; readonly negated: boolean; readonly mark: MaskedValue}
  /** `-m state --state` and `-m conntrack --ctstate`. */
  | {
      readonly kind: 'ct-state'
      readonly negated: boolean
      readonly states: readonly CtState[]
      readonly module: 'state' | 'conntrack'
    }
  | CtCondition
  | {
      readonly kind: 'address-type'
      readonly negated: boolean
      readonly side: 'source' | 'destination'
      readonly types: readonly AddressType[]
      readonly limit: 'in' | 'out' | null
    }
  | {
      readonly kind: 'ip-range'
      readonly negated: boolean
      readonly side: 'source' | 'destination'
      readonly first: Address
      readonly last: Address
    }
  /** `-m set --match-set`: one direction per dimension of the set. */
  | {
      readonly kind: 'set'
      readonly negated: boolean
      readonly set: string
      readonly directions: readonly ('src' | 'dst')[]
      readonly returnNomatch: boolean
      readonly options: readonly string[]
    }
  | {readonly kind: 'statistic-random'; readonly negated: boolean; readonly probability: number}
  | {readonly kind: 'statistic-nth'; readonly negated: boolean; readonly every: number; readonly packet: number}
  | {
      readonly kind: 'recent'
      readonly negated: boolean
      readonly operation: 'set' | 'rcheck' | 'update' | 'remove'
      readonly name: string
      readonly side: 'source' | 'destination'
      readonly seconds: number | null
      readonly hitcount: number | null
      readonly rttl: boolean
      readonly reap: boolean
      readonly mask: Address | null
    }
  | {readonly kind: 'length'; readonly negated: boolean; readonly range: {readonly min: number; readonly max: number}}
  | {readonly kind: 'ttl'; readonly negated: boolean; readonly operator: 'eq' | 'lt' | 'gt'; readonly value: number}
  | {readonly kind: 'dscp'; readonly negated: boolean; readonly value: number}
  | {readonly kind: 'tos'; readonly negated: boolean; readonly tos: MaskedValue}
  | {
      readonly kind: 'ecn'
      readonly negated: boolean
      readonly field: 'ip-ect' | 'tcp-cwr' | 'tcp-ece'
      readonly value: number | null
    }
  | {readonly kind: 'packet-type'; readonly negated: boolean; readonly type: 'unicast' | 'broadcast' | 'multicast'}
  | {readonly kind: 'mac-source'; readonly negated: boolean; readonly mac: string}
  /** `-m physdev`: every sub-option in text order. Only bridged packets have a physical device. */
  | {
      readonly kind: 'physdev'
      readonly negated: boolean
      readonly option: 'in' | 'out' | 'is-in' | 'is-out' | 'is-bridged'
      readonly name: string
      readonly wildcard: boolean
    }
  | {
      readonly kind: 'rp-filter'
      readonly negated: false
      readonly loose: boolean
      readonly validMark: boolean
      readonly acceptLocal: boolean
      readonly invert: boolean
    }
  /** `-m realm`. `value` null: a name that only the node's rt_realms explains. */
  | {readonly kind: 'realm'; readonly negated: boolean; readonly realm: MaskedValue | null; readonly text: string}
  /** `-m owner`: of the sending socket. Own packets only. */
  | {
      readonly kind: 'owner'
      readonly negated: boolean
      readonly field: 'uid' | 'gid' | 'socket-exists' | 'suppl-groups'
      readonly range: {readonly min: number; readonly max: number} | null
      readonly text: string
    }
  /** `-m cpu`: which processor handles the packet. */
  | {readonly kind: 'cpu'; readonly negated: boolean; readonly cpu: number}
  /** `-m socket`: is there a local socket for it. */
  | {readonly kind: 'socket'; readonly negated: boolean; readonly text: string}
  | {readonly kind: 'tcp-mss'; readonly negated: boolean; readonly range: {readonly min: number; readonly max: number}}
  /** `-m ipvs`: has IPVS had the packet in hand, and for which of its connections. */
  | {readonly kind: 'ipvs'; readonly negated: boolean; readonly asks: IpvsQuestion}
  /** `-m nfacct`: counts, always true. */
  | {readonly kind: 'accounting'; readonly negated: false; readonly name: string}
  /**
   * Recognised, but its answer is state that no capture holds (limit, hashlimit, connlimit, quota, time …) or not modelled (u32, bpf,
   * string, policy …): the walk forks, with `text` as the condition.
   */
  | {
      readonly kind: 'opaque'
      readonly negated: boolean
      readonly module: string
      readonly text: string
      readonly reason: OpaqueReason
    }
  /** A module or option that the grammar does not know: a diagnostic, and a fork. */
  | {readonly kind: 'unrecognised'; readonly negated: boolean; readonly text: string}

/** `ipvs` asks of any packet; all others are false of packets that IPVS keeps no connection of, negated or not. */
export type IpvsQuestion =
  | {readonly option: 'ipvs'}
  | {readonly option: 'vaddr'; readonly prefix: Prefix | MaskedAddress}
  | {readonly option: 'vproto'; readonly protocol: number}
  | {readonly option: 'vport' | 'vportctl'; readonly port: number}
  | {readonly option: 'vdir'; readonly direction: 'ORIGINAL' | 'REPLY'}
  | {readonly option: 'vmethod'; readonly method: 'GATE' | 'IPIP' | 'MASQ'}

/** A condition of `-m conntrack` other than --ctstate. */
export type CtCondition = {
  readonly negated: boolean
  /** The same `-m conntrack` has a --ctstate: a packet without a connection is then asked for that alone; without one it never matches (conntrack_mt). */
  readonly besideState: boolean
} & (
  | {readonly kind: 'ct-status'; readonly statuses: readonly CtStatus[]}
  | {readonly kind: 'ct-direction'; readonly direction: 'ORIGINAL' | 'REPLY'}
  | {readonly kind: 'ct-protocol'; readonly protocol: number}
  | {
      readonly kind: 'ct-address'
      readonly tuple: 'original' | 'reply'
      readonly side: 'source' | 'destination'
      readonly prefix: Prefix | MaskedAddress
    }
  | {
      readonly kind: 'ct-port'
      readonly tuple: 'original' | 'reply'
      readonly side: 'source' | 'destination'
      readonly range: PortRange
    }
  /** `--ctexpire`: seconds left. */
  | {readonly kind: 'ct-expire'; readonly range: {readonly min: number; readonly max: number}}
)

export type MatchKind = Match['kind']

/** `state`: depends on what the node saw before; `unmodelled`: could be computed, is not; `environment`: time, load, processes. */
export type OpaqueReason = 'state' | 'unmodelled' | 'environment'

/** An address under a mask with holes, which `-s A/M` allows. */
export interface MaskedAddress {
  readonly address: Address
  readonly mask: Address
}

export type CtState = 'NEW' | 'ESTABLISHED' | 'RELATED' | 'INVALID' | 'UNTRACKED' | 'SNAT' | 'DNAT'
export type CtStatus = 'NONE' | 'EXPECTED' | 'SEEN_REPLY' | 'ASSURED' | 'CONFIRMED'
export type AddressType =
  | 'UNSPEC'
  | 'UNICAST'
  | 'LOCAL'
  | 'BROADCAST'
  | 'ANYCAST'
  | 'MULTICAST'
  | 'BLACKHOLE'
  | 'UNREACHABLE'
  | 'PROHIBIT'
  | 'THROW'
  | 'NAT'
  | 'XRESOLVE'

/** What every rule has a field for, whatever the order in which it is written. */
export const HEADER_FIELDS: ReadonlySet<Match['kind']> = new Set<Match['kind']>([
  'source',
  'destination',
  'in-interface',
  'out-interface',
  'protocol',
  'fragment',
])
