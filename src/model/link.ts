import type {Address, Family, Mac} from '../net/index.js'
import type {Evidence} from './source.js'

/** A network interface (`ip link`, `ip addr`, `ifconfig`). */
export interface Link extends Evidence {
  readonly name: string
  /** Kernel ifindex; null where the output has none (`ifconfig`, listings with -o of old tools). */
  readonly index: number | null
  /** `UP`, `LOWER_UP`, `NO-CARRIER`, `LOOPBACK` … as printed. */
  readonly flags: ReadonlySet<string>
  /** Bytes. */
  readonly mtu: number | null
  readonly mac: Mac | null
  /** What stands after `@`: the lower device of a VLAN (`eth0`), or `ifN` of a veth's peer. */
  readonly parent: string | null
  readonly master: string | null
  /** `veth`, `vlan`, `bridge`, `dummy` … with -d; null where not printed. */
  readonly kind: string | null
  readonly vlanId: number | null
  /** `link-netns NAME` or `link-netnsid N`. */
  readonly peerNamespace: string | null
  /** `group NAME`; suppress_ifgroup asks for it. */
  readonly group: string
  /** `altname X`, each. */
  readonly alternativeNames: readonly string[]
}

export type AddressScope = 'global' | 'site' | 'link' | 'host' | 'nowhere' | number

/** An address on an interface. */
export interface InterfaceAddress extends Evidence {
  readonly family: Family
  readonly interface: string
  readonly address: Address
  /** Prefix length of the address' subnet (of the peer where there is one). */
  readonly prefixLength: number
  readonly peer: Address | null
  readonly broadcast: Address | null
  readonly scope: AddressScope
  readonly secondary: boolean
  /** IPv6 `deprecated`, `tentative`, `dadfailed`: not chosen as a source, or not yet usable. */
  readonly deprecated: boolean
  readonly tentative: boolean
}
