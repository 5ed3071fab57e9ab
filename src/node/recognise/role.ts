import type {Backend, TableId} from '../../model/index.js'
import type {Family} from '../../net/index.js'

/** What a document is: which parser reads it, and what its command said that its text does not. */
export type Role =
  | {readonly kind: 'rules'; readonly family: Family}
  /** `table` null: main, or all where lines name others; `all`: as `table all` lists them. `family` null: both may be in it. */
  | {readonly kind: 'routes'; readonly family: Family | null; readonly table: TableId | null}
  /** Last resorts: they leave out rules' worth of detail (tables, types, scopes). */
  | {
      readonly kind: 'plain-routes'
      readonly tool: 'route -n' | '/proc/net/route' | '/proc/net/ipv6_route' | '/proc/net/fib_trie'
    }
  /** `ip addr` and `ifconfig`: links too. */
  | {readonly kind: 'addresses'; readonly tool: 'ip' | 'ifconfig' | '/proc/net/if_inet6'}
  | {readonly kind: 'links'}
  | {readonly kind: 'neighbours'}
  | {
      readonly kind: 'iptables'
      /** `rules`: `iptables -S`; `list`: `iptables -nvL`. */
      readonly form: 'save' | 'rules' | 'list'
      readonly family: Family
      /** Null: the command does not say. */
      readonly backend: Backend | null
      readonly table: string | null
    }
  | {readonly kind: 'ipset'}
  /** ipvsadm in all its forms, /proc/net/ip_vs and ip_vs_conn. */
  | {readonly kind: 'ipvs'}
  | {readonly kind: 'conntrack'}
  | {readonly kind: 'sysctl'}
  | {readonly kind: 'ipamd'; readonly part: 'enis' | 'pods' | 'checkpoint' | 'card-checkpoint' | 'environment'}
  | {readonly kind: 'rt-tables'}
  | {readonly kind: 'version'; readonly tool: string}
  | {readonly kind: 'hostname'}
  /** The id of the EC2 instance. */
  | {readonly kind: 'instance'}
  /** `ethtool -S`, under headers that tell the interface. */
  | {readonly kind: 'card-counters'}
  /** `conntrack -S`. */
  | {readonly kind: 'conntrack-counters'}
  | {readonly kind: 'nft'}
  /** /proc/net/ip_tables_names. */
  | {readonly kind: 'legacy-tables'; readonly family: Family}
  /** Recognised, and no answer depends on it. */
  | {readonly kind: 'unread'}

export type RoleKind = Role['kind']

/** A command line, understood. */
export interface CommandRole {
  readonly role: Role
  /** Name of the network namespace it ran in; null: the node's own; `*`: each of the named ones, with headers that tell. */
  readonly namespace: string | null
}
