import type {Address, Family, Mac, PortRange, Prefix} from '../net/index.js'
import type {Evidence} from './source.js'

/** One dimension of an entry. */
export type IpSetPart =
  | {readonly kind: 'net'; readonly prefix: Prefix}
  | {readonly kind: 'range'; readonly first: Address; readonly last: Address}
  /** `protocol` null in bitmap:port. */
  | {readonly kind: 'port'; readonly protocol: number | null; readonly range: PortRange}
  /** `icmp:echo-request` entries: type and code instead of a port. */
  | {readonly kind: 'icmp'; readonly protocol: number; readonly type: number; readonly code: number}
  | {readonly kind: 'mac'; readonly mac: Mac}
  | {readonly kind: 'interface'; readonly name: string; readonly physdev: boolean; readonly wildcard: boolean}
  | {readonly kind: 'mark'; readonly mark: number}
  | {readonly kind: 'member'; readonly set: string}
  | {readonly kind: 'unknown'; readonly text: string}

export interface IpSetEntry extends Evidence {
  readonly parts: readonly IpSetPart[]
  readonly nomatch: boolean
  /** Seconds left when captured; null: no timeout. */
  readonly timeout: number | null
}

/** `hash:ip,port` → dimensions `['ip', 'port']`. */
export interface IpSet extends Evidence {
  readonly name: string
  readonly method: 'hash' | 'bitmap' | 'list'
  readonly dimensions: readonly string[]
  readonly family: Family | null
  /** hash:mark markmask, hash:ip netmask and the like, verbatim by name. */
  readonly options: ReadonlyMap<string, string>
  readonly entries: readonly IpSetEntry[]
}
