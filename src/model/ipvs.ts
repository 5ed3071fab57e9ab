import type {Address, Family} from '../net/index.js'
import type {Evidence} from './source.js'

/** How packets get to a real server: NAT of the destination; as they are, to its MAC address; inside another packet. */
export type IpvsMethod = 'masquerade' | 'route' | 'tunnel' | 'local'

/** A packet is a service's by its destination, or by its mark. Port 0: every port. */
export type IpvsFrontend =
  | {readonly kind: 'address'; readonly protocol: number; readonly address: Address; readonly port: number}
  | {readonly kind: 'mark'; readonly mark: number}

export interface IpvsPersistence {
  /** Seconds after its last connection during which a client comes to the same real server. */
  readonly timeout: number
  /** Prefix length: clients of one such prefix count as one. */
  readonly clientBits: number
}

/** The outer packet of the method `tunnel`. */
export interface IpvsTunnel {
  readonly type: 'ipip' | 'gue' | 'gre'
  /** UDP port of `gue`; 0 for the others. */
  readonly port: number
}

/** A real server of a service. */
export interface IpvsDestination extends Evidence {
  /** From 1, in the order of the listing. */
  readonly number: number
  readonly address: Address
  /** 0: the port that the client asked for. */
  readonly port: number
  /** Null: the listing does not show it (`--stats`, `--rate`). */
  readonly method: IpvsMethod | null
  /** 0: gets no new connections. Null: not shown. */
  readonly weight: number | null
  readonly tunnel: IpvsTunnel
  /** From so many connections on it gets no new ones, until they are fewer than `lowerThreshold`. 0: no limit. */
  readonly upperThreshold: number
  readonly lowerThreshold: number
  /** Connections when captured; null: not shown. */
  readonly active: number | null
  readonly inactive: number | null
}

/** A virtual service of IPVS. */
export interface IpvsService extends Evidence {
  readonly family: Family
  readonly frontend: IpvsFrontend
  /** `rr`, `wlc` …; null: the listing does not show it. */
  readonly scheduler: string | null
  /** `sh-port`, `sh-fallback`, `mh-port`, `mh-fallback`, or `flag-1` … `flag-3` of a scheduler without names for them. */
  readonly schedulerFlags: ReadonlySet<string>
  readonly persistence: IpvsPersistence | null
  /** `--ops`: each UDP packet is scheduled by itself. */
  readonly onePacket: boolean
  /** `--pe sip`; null: none. */
  readonly persistenceEngine: string | null
  readonly destinations: readonly IpvsDestination[]
  /** True where the destinations stand in the kernel's order; ipvsadm sorts them. */
  readonly kernelOrder: boolean
  /** A line of this service that could not be read: what it would do is not known whole. */
  readonly unread: Evidence | null
}

export interface IpvsEndpoint {
  readonly address: Address
  readonly port: number
}

/** A connection of IPVS, or a template: what it keeps of a client of a persistent service. */
export interface IpvsConnection extends Evidence {
  readonly family: Family
  /** 0 in templates of services by mark. */
  readonly protocol: number
  /** `ESTABLISHED`, `TIME_WAIT` …; `NONE` for templates. */
  readonly state: string
  /** Seconds until it expires; null: not readable. */
  readonly timeout: number | null
  /** Port 0 in templates. */
  readonly client: IpvsEndpoint
  /** In templates of services by mark the address is the mark. */
  readonly virtual: IpvsEndpoint
  readonly real: IpvsEndpoint
}

/** What a capture says of IPVS. */
export interface IpvsState {
  /** Null: no listing of services. Empty: a listing that has none. */
  readonly services: readonly IpvsService[] | null
  /** Null: no listing of connections. */
  readonly connections: readonly IpvsConnection[] | null
  /** Lines that may be services but could not be read. */
  readonly unread: readonly Evidence[]
}
