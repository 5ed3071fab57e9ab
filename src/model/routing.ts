import type {Address, Family, MaskedValue, PortRange, Prefix} from '../net/index.js'
import type {Evidence} from './source.js'

/** FIB table: its number (main 254, local 255, default 253), or the name where no rt_tables explains it. */
export type TableId = number | string

export const TABLE_DEFAULT = 253
export const TABLE_MAIN = 254
export const TABLE_LOCAL = 255

export function tableName(table: TableId): string {
  return table === TABLE_MAIN
    ? 'main'
    : table === TABLE_LOCAL
      ? 'local'
      : table === TABLE_DEFAULT
        ? 'default'
        : String(table)
}

export type RouteType =
  | 'unicast'
  | 'local'
  | 'broadcast'
  | 'anycast'
  | 'multicast'
  | 'blackhole'
  | 'unreachable'
  | 'prohibit'
  | 'throw'
  | 'nat'

export type RouteScope = 'global' | 'site' | 'link' | 'host' | 'nowhere' | number

export interface NextHop {
  /** Null: the destination is on the link. May be of the other family (`via inet6`). */
  readonly gateway: Address | null
  readonly interface: string | null
  /** 1 … 256, as printed. */
  readonly weight: number
  readonly onlink: boolean
  readonly linkdown: boolean
  readonly dead: boolean
  /** `encap …` verbatim: the packet leaves in a tunnel, which is not modelled. */
  readonly encap: string | null
}

/** One route (`ip route`). `text` joins the lines of a multipath route with a blank. */
export interface Route extends Evidence {
  readonly family: Family
  readonly table: TableId
  readonly type: RouteType
  readonly destination: Prefix
  /** IPv6 `from PREFIX` (source-specific routing). */
  readonly from: Prefix | null
  /** TOS byte, 0 where absent. */
  readonly tos: number
  /** Priority: lower wins. 0 where absent in IPv4, 1024 in IPv6. */
  readonly metric: number
  /** Name or number, as printed; null where absent (`boot`). */
  readonly protocol: string | null
  readonly scope: RouteScope
  /** `src` hint. */
  readonly preferredSource: Address | null
  /** One; several where multipath; none for blackhole and the like. */
  readonly nextHops: readonly NextHop[]
  /** `nhid N`. */
  readonly nextHopId: number | null
  /** mtu, advmss, realms, pref, expires … verbatim, which no answer of ours depends on. */
  readonly attributes: ReadonlyMap<string, string>
  /** Keywords that the grammar does not know: the route is used, with a diagnostic. */
  readonly unknown: readonly string[]
}

export type RuleAction =
  | {readonly kind: 'lookup'; readonly table: TableId}
  /** `lookup [l3mdev-table]`: the table of the VRF. */
  | {readonly kind: 'l3mdev'}
  | {readonly kind: 'goto'; readonly priority: number; readonly unresolved: boolean}
  | {readonly kind: 'nop'}
  | {readonly kind: 'blackhole'}
  | {readonly kind: 'unreachable'}
  | {readonly kind: 'prohibit'}

export interface RuleInterface {
  readonly name: string
  /** The interface does not exist: the rule cannot match. */
  readonly detached: boolean
}

/** One rule of the routing policy database (`ip rule`), in listing order. */
export interface PolicyRule extends Evidence {
  readonly family: Family
  readonly priority: number
  /** `not`: inverts the whole selector. */
  readonly not: boolean
  /** Null: all. */
  readonly from: Prefix | null
  readonly to: Prefix | null
  readonly fwmark: MaskedValue | null
  /** `tos`: the raw byte; 0 = not asked. */
  readonly tos: number
  /** `dscp` (iproute2 ≥ 6.11): 0 … 63. */
  readonly dscp: number | null
  readonly iif: RuleInterface | null
  readonly oif: RuleInterface | null
  readonly ipproto: number | null
  readonly sport: PortRange | null
  readonly dport: PortRange | null
  readonly uidRange: {readonly min: number; readonly max: number} | null
  readonly action: RuleAction
  /** `suppress_prefixlength N`: a result of N bits or shorter does not count. */
  readonly suppressPrefixLength: number | null
  /** `suppress_ifgroup G`. */
  readonly suppressGroup: string | null
  readonly protocol: string | null
  /** Selectors that are recognised but not modelled (`tun_id 7`, `dport 0x50/0xf0`), or unknown: the rule may or may not match. */
  readonly unmodelled: readonly string[]
}
