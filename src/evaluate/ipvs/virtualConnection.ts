import type {Evidence, IpvsMethod, IpvsService} from '../../model/index.js'
import type {Packet} from '../walk/packet.js'
import type {Walk} from '../walk/walk.js'
import type {Peer} from './virtualServices.js'

/** What IPVS keeps of a connection (struct ip_vs_conn). Ports are null where open. */
export interface VirtualConnection {
  readonly protocol: number
  readonly client: Peer
  readonly virtual: Peer
  readonly real: Peer
  readonly method: IpvsMethod
  /** Null: it is no longer listed. */
  readonly service: IpvsService | null
  /** The line of the service, or of the connection. */
  readonly evidence: Evidence
}

/** Open ports fit any: the connection was made with them. */
export function isPeer(peer: Peer, address: Packet['source'], port: number | null): boolean {
  return peer.address === address && (peer.port === null || port === null || peer.port === port)
}

/** The connection of which this packet is the answer of the real server, seen on its way back: of this walk, or of the capture. */
export function connectionOfReply(walk: Walk): VirtualConnection | null {
  const {packet} = walk
  const made = walk.virtualConnections.find(
    ({protocol, real, client}) =>
      protocol === packet.protocol &&
      isPeer(real, packet.source, packet.sourcePort) &&
      isPeer(client, packet.destination, packet.destinationPort),
  )
  return made ?? listedReply(walk) ?? trackedReply(walk)
}

function listedReply({packet, netfilter: {virtualServices}}: Walk): VirtualConnection | null {
  const from = {address: packet.source, port: packet.sourcePort}
  const to = {address: packet.destination, port: packet.destinationPort}
  const listed = virtualServices.connectionOfReply(packet.protocol, from, to)
  if (listed === null) return null
  return {...listed, method: virtualServices.methodOf(listed), service: null, evidence: listed}
}

/** conntrack keeps the real server in its reply tuple, without having changed the destination itself (ip_vs_update_conntrack). */
function trackedReply({packet}: Walk): VirtualConnection | null {
  const {connection, direction} = packet
  if (connection?.entry == null || direction !== 'reply' || connection.destinationNat) return null
  const {original, reply, protocol, entry} = connection
  if (original.destination === reply.source && original.destinationPort === reply.sourcePort) return null
  return {
    protocol,
    client: {address: original.source, port: original.sourcePort},
    virtual: {address: original.destination, port: original.destinationPort},
    real: {address: reply.source, port: reply.sourcePort},
    method: 'masquerade',
    service: null,
    evidence: entry,
  }
}
