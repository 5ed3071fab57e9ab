import {SCTP, TCP} from '../../net/index.js'
import type {Evidence, IpvsDestination, IpvsService} from '../../model/index.js'
import {Undetermined, type Walk} from '../walk/walk.js'
import type {IpvsHook} from './ipvsHook.js'
import {ended, type IpvsVerdict} from './ipvsVerdict.js'
import {peerText, recordIpvs} from './record.js'
import {ipvsSetting} from './settings.js'
import {transmit} from './transmit.js'
import type {Peer} from './virtualServices.js'

/** A connection that the capture shows, to which a packet of the client belongs. */
export interface Held {
  readonly real: Peer
  /** Of IPVS; of conntrack, where only that lists it. */
  readonly state: string | null
  readonly evidence: Evidence
  readonly service: IpvsService | null
  /** Null: its real server is no longer one of the service. */
  readonly destination: IpvsDestination | null
}

const SYN = 2

/** By the list of IPVS; else by conntrack's entry, whose reply tuple names the real server. */
export function heldConnection(walk: Walk): Held | null {
  const {packet, netfilter} = walk
  const {virtualServices} = netfilter
  const {protocol} = packet
  const virtual = {address: packet.destination, port: packet.destinationPort}
  const listed = virtualServices.connection(protocol, {address: packet.source, port: packet.sourcePort}, virtual)
  if (listed !== null) return {...withService(walk, listed.real), state: listed.state, evidence: listed}
  const entry = packet.connection?.entry ?? null
  if (entry === null || packet.direction !== 'original' || virtualServices.state.connections !== null) return null
  if (!virtualServices.serves(protocol, packet.destination, packet.destinationPort)) return null
  const real = {address: entry.reply.source, port: entry.reply.sourcePort}
  if (real.address === packet.destination && real.port === packet.destinationPort) return null
  walk.assume(
    'IPVS_CONNECTION',
    'IPVS is taken to hold a connection as long as conntrack does: the capture has no list of its connections',
    entry.source,
  )
  return {...withService(walk, real), state: entry.state, evidence: entry}
}

function withService(walk: Walk, real: Peer): Pick<Held, 'real' | 'service' | 'destination'> {
  const {packet, netfilter} = walk
  const {virtualServices} = netfilter
  const candidates = [
    virtualServices.byMark(packet.family, packet.mark),
    ...virtualServices.at(packet.protocol, packet.destination),
  ].filter(service => service !== null)
  const service = candidates.find(
    ({frontend}) => frontend.kind === 'mark' || frontend.port === 0 || frontend.port === packet.destinationPort,
  )
  const destination = service?.destinations.find(
    ({address, port}) => address === real.address && (port === 0 || port === real.port),
  )
  return {real, service: service ?? null, destination: destination ?? null}
}

/** @returns null where IPVS gives the connection up, and schedules the packet anew */
export function continueConnection(walk: Walk, base: IpvsHook, held: Held): IpvsVerdict | null {
  if (startsAnew(walk, held)) return giveUp(walk, base, held, 'a new connection of the same ports')
  if (held.destination === null && walk.netfilter.virtualServices.unlisted === null) {
    if (held.service?.unread != null)
      throw new Undetermined(
        'MISSING_INPUT',
        'a real server of the service could not be read: collect `ipvsadm --save --numeric`',
        held.service.unread,
      )
    if (ipvsSetting(walk, 'expire_nodest_conn') !== 0)
      return giveUp(walk, base, held, `${peerText(held.real)} is no real server any more`)
    record(
      walk,
      base,
      held,
      'dropped',
      `${peerText(held.real)} is no real server any more (net.ipv4.vs.expire_nodest_conn is 0)`,
    )
    return ended('dropped', 'IPVS_DROPPED')
  }
  record(walk, base, held, 'connection', `an existing connection decides: ${peerText(held.real)}`)
  const {packet} = walk
  const connection = {
    protocol: packet.protocol,
    client: {address: packet.source, port: packet.sourcePort},
    virtual: {address: packet.destination, port: packet.destinationPort},
    real: held.real,
    method: held.destination?.method ?? 'masquerade',
    service: held.service,
    evidence: held.evidence,
  } as const
  return transmit(walk, base, connection, held.destination)
}

/** is_new_conn, is_new_conn_expected: a SYN over a connection that is over, or whose server is drained. */
function startsAnew(walk: Walk, {state, destination}: Held): boolean {
  const {protocol, tcpFlags} = walk.packet
  const isNew = protocol === TCP ? (tcpFlags & SYN) !== 0 : protocol === SCTP
  const mode = isNew ? ipvsSetting(walk, 'conn_reuse_mode') : 0
  if (mode === 0) return false
  if (destination?.weight === 0 && ipvsSetting(walk, 'expire_nodest_conn') !== 0) return true
  return protocol === TCP ? state === 'TIME_WAIT' : state === 'CLOSED'
}

/** Where conntrack still knows the old connection the packet is dropped: the client's next try finds neither (ip_vs_conn_uses_old_conntrack). */
function giveUp(walk: Walk, base: IpvsHook, held: Held, why: string): IpvsVerdict | null {
  const old = walk.packet.connection?.confirmed === true && ipvsSetting(walk, 'conntrack') !== 0
  const effect = old ? 'dropped, since conntrack keeps the old one: the next try is scheduled anew' : 'scheduled anew'
  record(walk, base, held, old ? 'dropped' : 'expired', `${why}: ${effect}`)
  return old ? ended('dropped', 'IPVS_DROPPED') : null
}

function record(walk: Walk, base: IpvsHook, {service, evidence}: Held, target: string, effect: string): void {
  if (walk.tracing) recordIpvs(walk, base, {kind: 'ipvs-service', service, number: null, target, evidence, effect})
}
