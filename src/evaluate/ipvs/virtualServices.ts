import {type Address, type Family, SCTP, TCP, UDP} from '../../net/index.js'
import {
  type Evidence,
  IPVS_DEVICE,
  type IpSet,
  type IpvsConnection,
  type IpvsMethod,
  type IpvsService,
  type IpvsState,
  type NodeState,
  signOfIpvs,
  usesOtherMode,
  TABLE_LOCAL,
} from '../../model/index.js'

/** IPVS as the capture shows it, ready for look-ups. */
export class VirtualServices {
  readonly state: IpvsState
  /** What tells that there are services although no listing shows them; null where a listing does, or nothing tells. */
  readonly unlisted: Evidence | null
  /** Services are not listed, and kube-proxy is in another mode by now: IPVS has at most what was left over. */
  readonly leftOver: boolean
  readonly ipsets: ReadonlyMap<string, IpSet> | null
  readonly #byAddress = new Map<string, IpvsService[]>()
  readonly #byMark = new Map<string, IpvsService>()
  readonly #requests = new Map<string, IpvsConnection>()
  readonly #replies = new Map<string, IpvsConnection>()
  readonly #deviceAddresses: ReadonlyMap<Address, Evidence>

  constructor(node: NodeState) {
    this.state = node.ipvs
    this.unlisted = node.ipvs.services === null ? signOfIpvs(node) : null
    this.leftOver = this.unlisted !== null && usesOtherMode(node)
    this.ipsets = node.ipsets
    this.#deviceAddresses = new Map(this.unlisted === null ? [] : addressesOfDevice(node))
    for (const service of node.ipvs.services ?? []) {
      const {frontend} = service
      if (frontend.kind === 'mark') this.#byMark.set(`${service.family} ${frontend.mark}`, service)
      else {
        const key = `${frontend.protocol} ${String(frontend.address)}`
        const list = this.#byAddress.get(key)
        if (list === undefined) this.#byAddress.set(key, [service])
        else list.push(service)
      }
    }
    for (const connection of node.ipvs.connections ?? []) {
      const {protocol, client, virtual, real} = connection
      this.#requests.set(keyOf(protocol, client, virtual), connection)
      if (client.port !== 0) this.#replies.set(keyOf(protocol, real, client), connection)
    }
  }

  /** Are its hooks in the path of packets? They are registered with the first service. */
  active(family: Family): boolean {
    return this.evidence(family) !== null
  }

  /** The line that tells that there are services of a family. */
  evidence(family: Family): Evidence | null {
    const {services, unread} = this.state
    return services?.find(service => service.family === family) ?? unread[0] ?? this.unlisted
  }

  byMark(family: Family, mark: number): IpvsService | null {
    return this.#byMark.get(`${family} ${mark}`) ?? null
  }

  /** All services of an address, whatever their port. */
  at(protocol: number, address: Address): readonly IpvsService[] {
    return this.#byAddress.get(`${protocol} ${String(address)}`) ?? []
  }

  /** The connection of a client, or with port 0 its template; a template of a service by mark has protocol 0 and the mark as address. */
  connection(protocol: number, client: Peer, virtual: Peer): IpvsConnection | null {
    return find(this.#requests, protocol, client, virtual)
  }

  /** The connection that a packet of a real server to a client belongs to. */
  connectionOfReply(protocol: number, real: Peer, client: Peer): IpvsConnection | null {
    return find(this.#replies, protocol, real, client)
  }

  /** How packets of a listed connection get to its real server; masquerading where its service is no longer listed. */
  methodOf({protocol, virtual, real}: IpvsConnection): IpvsMethod {
    const servers = this.at(protocol, virtual.address).flatMap(({destinations}) => destinations)
    return servers.find(({address, method}) => address === real.address && method !== null)?.method ?? 'masquerade'
  }

  /** The line by which an address is one of kube-proxy's device for virtual addresses. */
  onDevice(address: Address): Evidence | null {
    return this.#deviceAddresses.get(address) ?? null
  }

  /** Is the destination a virtual one, so that a connection to it has its real server from IPVS and not from nat? */
  serves(protocol: number, address: Address, port: number | null): boolean {
    if (this.unlisted !== null) return this.#deviceAddresses.has(address)
    return this.at(protocol, address).some(
      ({frontend}) => frontend.kind === 'address' && (frontend.port === 0 || port === null || frontend.port === port),
    )
  }
}

/** An address and port; null: open. */
export interface Peer {
  readonly address: Address
  readonly port: number | null
}

/** A flow with an open port belongs to none for certain. */
function find(
  connections: ReadonlyMap<string, IpvsConnection>,
  protocol: number,
  from: Peer,
  to: Peer,
): IpvsConnection | null {
  return from.port === null || to.port === null ? null : (connections.get(keyOf(protocol, from, to)) ?? null)
}

function keyOf(protocol: number, from: Peer, to: Peer): string {
  return `${protocol} ${String(from.address)} ${from.port} ${String(to.address)} ${to.port}`
}

function addressesOfDevice({addresses, routing}: NodeState): [Address, Evidence][] {
  const routes = [...(routing[4].routes ?? []), ...(routing[6].routes ?? [])]
  return [
    ...routes
      .filter(
        ({table, type, nextHops}) =>
          table === TABLE_LOCAL && type === 'local' && nextHops[0]?.interface === IPVS_DEVICE,
      )
      .map((route): [Address, Evidence] => [route.destination.address, route]),
    ...(addresses ?? [])
      .filter(address => address.interface === IPVS_DEVICE)
      .map((address): [Address, Evidence] => [address.address, address]),
  ]
}

/** Protocols of which IPVS begins connections (AH and ESP follow those of others). */
export function isScheduled(protocol: number): boolean {
  return protocol === TCP || protocol === UDP || protocol === SCTP
}
