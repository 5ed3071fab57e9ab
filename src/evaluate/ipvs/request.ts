import {SCTP, TCP} from '../../net/index.js'
import type {IpvsDestination, IpvsService} from '../../model/index.js'
import {addressType} from '../netfilter/addressType.js'
import {answerReject} from '../walk/rejectAnswer.js'
import type {Walk} from '../walk/walk.js'
import {findService, requireWhole} from './findService.js'
import type {IpvsHook} from './ipvsHook.js'
import {ended, type IpvsVerdict, PASS} from './ipvsVerdict.js'
import {continueConnection, heldConnection} from './heldConnection.js'
import {findTemplate} from './template.js'
import {peerText, recordIpvs, serviceName} from './record.js'
import {schedule} from './schedule.js'
import {ipvsSetting} from './settings.js'
import {transmit} from './transmit.js'
import type {VirtualConnection} from './virtualConnection.js'
import {isScheduled} from './virtualServices.js'

const SYN = 2
const RST = 4
const FTP_DATA = 20

/** ip_vs_in (net/netfilter/ipvs/ip_vs_core.c): sends a packet to a virtual service on to a real server. */
export function runRequest(walk: Walk, base: IpvsHook): IpvsVerdict {
  const {packet} = walk
  if (!isScheduled(packet.protocol) || isForMany(walk, base) || isBackup(walk)) return PASS
  const held = heldConnection(walk)
  if (held !== null) {
    const verdict = continueConnection(walk, base, held)
    if (verdict !== null) return verdict
  }
  const service = findService(walk)
  if (service === null) return PASS
  requireWhole(service)
  return begins(walk) ? begin(walk, base, service) : join(walk, base, service)
}

/** Only frames for this host are looked at: pkt_type PACKET_HOST. */
function isForMany({packet, network}: Walk, {hook}: IpvsHook): boolean {
  return hook === 'INPUT' && ['BROADCAST', 'MULTICAST'].includes(addressType(network, packet.destination, null))
}

function isBackup(walk: Walk): boolean {
  return (
    ipvsSetting(walk, 'backup_only') !== 0 &&
    walk.decide(
      'ipvs backup',
      'the sync daemon of IPVS runs as backup, and net.ipv4.vs.backup_only keeps it from scheduling',
    )
  )
}

/** tcp_conn_schedule, sctp_conn_schedule, udp_conn_schedule: which packets begin a connection. */
function begins(walk: Walk): boolean {
  const {protocol, tcpFlags, isAnswer} = walk.packet
  if (protocol === SCTP) return !isAnswer
  if (protocol !== TCP) return true
  if ((tcpFlags & RST) !== 0) return false
  return (tcpFlags & SYN) !== 0 || ipvsSetting(walk, 'sloppy_tcp') !== 0
}

function begin(walk: Walk, base: IpvsHook, service: IpvsService): IpvsVerdict {
  const {packet} = walk
  // never FTP's data, for which real servers open connections themselves
  if (packet.sourcePort === FTP_DATA) return PASS
  if (isDroppedForLoad(walk)) {
    recordService(walk, base, service, 'dropped', 'net.ipv4.vs.drop_packet drops one of so many new connections')
    return ended('dropped', 'IPVS_DROPPED')
  }
  const kept = service.persistence === null ? null : findTemplate(walk, service)
  const destination = kept?.destination ?? schedule(walk, service)
  if (destination === null) return leave(walk, base, service)
  const how = kept === null ? (service.scheduler ?? '') : 'persistent'
  recordService(walk, base, service, how, kept?.effect ?? '')
  return transmit(walk, base, makeConnection(walk, service, destination), destination)
}

/** ip_vs_todrop: the counter's state is in no capture. */
function isDroppedForLoad(walk: Walk): boolean {
  const mode = ipvsSetting(walk, 'drop_packet')
  if (mode === 0) return false
  const short = mode === 3 || walk.decide('ipvs load', 'the node is short of memory (net.ipv4.vs.drop_packet)')
  return short && walk.random(1 / Math.max(1, ipvsSetting(walk, 'am_droprate')))
}

/** A packet in the middle of a connection that the capture does not show. */
function join(walk: Walk, base: IpvsHook, service: IpvsService): IpvsVerdict {
  const {virtualServices} = walk.netfilter
  const held =
    virtualServices.state.connections === null &&
    service.destinations.length > 0 &&
    walk.decide('ipvs held', 'IPVS holds a connection of this packet, which `ipvsadm -Lnc` would show')
  if (!held) {
    recordService(
      walk,
      base,
      service,
      null,
      'IPVS holds no connection of it, and it begins none: the node itself gets it',
    )
    return PASS
  }
  const texts = service.destinations.map(destination => `its real server is ${peerText(destination)}`)
  const destination = service.destinations[walk.pick(`ipvs ${serviceName(service)}`, texts)] as IpvsDestination
  recordService(walk, base, service, null, '')
  return transmit(walk, base, makeConnection(walk, service, destination), destination)
}

function makeConnection(walk: Walk, service: IpvsService, destination: IpvsDestination): VirtualConnection {
  const {packet} = walk
  const {frontend} = service
  // FTP's data, and services of all ports: the client's port stays
  const asked =
    frontend.kind === 'address' &&
    frontend.port !== 0 &&
    (packet.destinationPort === null || packet.destinationPort === frontend.port)
  const port = asked ? frontend.port : packet.destinationPort
  return {
    protocol: packet.protocol,
    client: {address: packet.source, port: packet.sourcePort},
    virtual: {address: packet.destination, port},
    real: {address: destination.address, port: keepsPort(service, destination, asked) ? port : destination.port},
    method: destination.method ?? 'masquerade',
    service,
    evidence: service,
  }
}

/** The real server gets the port that the client asked for: services of all ports, FTP's data, persistent services by mark. */
function keepsPort({frontend, persistence}: IpvsService, {port}: IpvsDestination, asked: boolean): boolean {
  return port === 0 || (frontend.kind === 'address' ? !asked : persistence !== null)
}

/** ip_vs_leave: the client is told that the port is unreachable, be it TCP or UDP. */
function leave(walk: Walk, base: IpvsHook, service: IpvsService): IpvsVerdict {
  const {family} = walk.packet
  const all = service.destinations.length
  const why =
    all === 0
      ? 'it has no real servers'
      : all === 1
        ? 'its real server takes no connections'
        : `none of its ${all} real servers takes it`
  recordService(walk, base, service, 'no destination', `no real server: ${why}`)
  answerReject(walk, family === 4 ? 'icmp-port-unreachable' : 'icmp6-port-unreachable', service)
  return ended('rejected', 'IPVS_NO_DESTINATION')
}

function recordService(walk: Walk, base: IpvsHook, service: IpvsService, target: string | null, effect: string): void {
  if (!walk.tracing) return
  recordIpvs(walk, base, {kind: 'ipvs-service', service, number: null, target, evidence: service, effect})
}
