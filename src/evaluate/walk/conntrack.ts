import {ICMP, ICMPV6, protocolName, SCTP, TCP} from '../../net/index.js'
import type {ConntrackEntry, ConntrackTuple, ConntrackZone} from '../../model/index.js'
import {type Connection, invert, type Tuple} from './connection.js'
import {endpoint} from './describe.js'
import type {Packet} from './packet.js'
import type {Walk} from './walk.js'
import {DEFAULT_ZONE, meets, takeZone, zoneId, zoneText} from './zone.js'

const FIN = 1
const SYN = 2
const RST = 4
const ACK = 16
const URG = 32

/** The connection a packet may belong to, when the walk knows one: the flow's own, seen from its answer. */
export interface Known {
  readonly connection: Connection | null
}

/** nf_conntrack_in: finds or makes the packet's connection and sets its state. */
export function track(walk: Walk, known: Known, forced: Packet['ctInfo'] | null): void {
  const {packet} = walk
  if (packet.ctInfo === 'untracked') return say(walk, () => 'not tracked (NOTRACK)', null)
  if (!walk.netfilter.tracks(packet.family)) return
  const zone = takeZone(packet)
  if (known.connection !== null && isError(packet) && meets(known.connection.zone, zone, 'reply')) {
    // the quoted packet is the flow's first: the error belongs to its connection, as something that came back
    Object.assign(packet, {connection: known.connection, ctInfo: 'related', direction: 'reply'})
    return say(walk, () => 'RELATED: an ICMP error about the connection', known.connection.entry)
  }
  if (known.connection !== null && adopt(packet, known.connection, zone))
    return say(walk, describe, known.connection.entry)
  const found = forced === null ? walk.netfilter.conntrack.find(packet, zone) : null
  const entry = found !== null && reopens(packet, found) ? null : found
  if (entry !== null) {
    const connection = fromEntry(entry)
    const {destination, destinationPort} = connection.original
    // the tuples tell that the destination changed, not who did it: nat does not touch what IPVS translates
    if (walk.netfilter.virtualServices.serves(packet.protocol, destination, destinationPort))
      connection.destinationNat = false
    if (adopt(packet, connection, zone)) {
      walk.trail.fromEntry = true
      return say(walk, () => `an existing connection decides: ${describe(packet)}`, entry)
    }
  }
  const note = walk.tracing ? zoneNote(zone, known.connection) : ''
  const state = forced ?? initialState(walk, packet)
  packet.ctInfo = state
  packet.direction = 'original'
  if (state === 'invalid' || state === 'untracked') {
    packet.connection = null
    const effect = state === 'invalid' ? 'INVALID: no connection can begin with this packet' : 'UNTRACKED'
    return say(walk, () => effect + note, null)
  }
  packet.connection = begin(packet, zone)
  if (state !== 'new') {
    Object.assign(packet.connection, {
      sourceDone: true,
      destinationDone: true,
      confirmed: true,
      seenReply: state === 'established',
    })
    walk.assume(
      'CONNECTION_STATE',
      `the connection is taken as ${state.toUpperCase()} without NAT and with mark 0: the capture has no entry of it`,
    )
  }
  say(walk, packet => describe(packet) + note, null, note !== '')
}

/** What a packet's zone has to do with its being new, or nobody's; empty: nothing. */
function zoneNote(zone: ConntrackZone, other: Connection | null): string {
  const place = zone.id === DEFAULT_ZONE.id ? '' : `, in ${zoneText(zone)}`
  if (other === null || meets(other.zone, zone, 'reply')) return place
  return `${place}; what it answers is a connection of ${zoneText(other.zone)}, which is not looked for in zone ${zoneId(zone, 'reply')}`
}

/** A SYN takes the place of a connection that is over: the kernel forgets the old one (nf_conntrack_proto_tcp.c, TIME_WAIT and CLOSE). */
function reopens({protocol, tcpFlags}: Packet, {state}: ConntrackEntry): boolean {
  return protocol === TCP && (tcpFlags & (SYN | ACK)) === SYN && (state === 'TIME_WAIT' || state === 'CLOSE')
}

/** An ICMP message that quotes the packet it is about. */
export function isError({protocol, icmpType}: Packet): boolean {
  return protocol === ICMP ? [3, 4, 5, 11, 12].includes(icmpType) : protocol === ICMPV6 && icmpType < 128
}

function say(
  walk: Walk,
  effect: (packet: Packet) => string,
  entry: ConntrackEntry | null,
  evenNew = entry !== null,
): void {
  if (walk.tracing && (evenNew || walk.packet.ctInfo !== 'new'))
    walk.step('conntrack', 'conntrack', walk.packet.ctInfo.toUpperCase(), entry, effect(walk.packet))
}

function describe(packet: Packet): string {
  const flow = `${protocolName(packet.protocol)} ${endpoint(packet, 'source')} → ${endpoint(packet, 'destination')}`
  return `${packet.ctInfo.toUpperCase()}, ${packet.direction} direction: ${flow}`
}

function begin(packet: Packet, zone: ConntrackZone): Connection {
  const original = tupleOf(packet)
  return {
    protocol: packet.protocol,
    zone,
    original,
    reply: invert(original),
    mark: 0,
    sourceNat: false,
    destinationNat: false,
    sourceDone: false,
    destinationDone: false,
    confirmed: false,
    seenReply: false,
    assured: false,
    expected: false,
    entry: null,
  }
}

/** The packet's own tuple. */
export function tupleOf(packet: Packet): Tuple {
  return {
    source: packet.source,
    destination: packet.destination,
    sourcePort: packet.sourcePort,
    destinationPort: packet.destinationPort,
  }
}

/** Makes the packet one of this connection, if its tuple is one of the connection's. */
function adopt(packet: Packet, connection: Connection, zone: ConntrackZone): boolean {
  if (packet.protocol !== connection.protocol) return false
  if (sameTuple(packet, connection.reply) && meets(connection.zone, zone, 'reply')) {
    packet.direction = 'reply'
    packet.ctInfo = 'established'
    connection.seenReply = true
  } else if (sameTuple(packet, connection.original) && meets(connection.zone, zone, 'original')) {
    packet.direction = 'original'
    packet.ctInfo = connection.seenReply ? 'established' : 'new'
  } else return false
  packet.connection = connection
  return true
}

/** Open ports fit any: the tuple was made with them. */
export function sameTuple(packet: Packet, tuple: Tuple): boolean {
  return (
    packet.source === tuple.source &&
    packet.destination === tuple.destination &&
    fits(packet.sourcePort, tuple.sourcePort) &&
    fits(packet.destinationPort, tuple.destinationPort)
  )
}

function fits(a: number | null, b: number | null): boolean {
  return a === null || b === null || a === b
}

function fromEntry(entry: ConntrackEntry): Connection {
  const {original, reply} = entry
  return {
    protocol: entry.protocol,
    zone: entry.zone,
    original: plain(original),
    reply: plain(reply),
    mark: entry.mark,
    sourceNat: reply.destination !== original.source || reply.destinationPort !== original.sourcePort,
    destinationNat: reply.source !== original.destination || reply.sourcePort !== original.destinationPort,
    sourceDone: true,
    destinationDone: true,
    confirmed: true,
    seenReply: !entry.unreplied,
    assured: entry.assured,
    expected: false,
    entry,
  }
}

function plain(tuple: ConntrackTuple): Tuple {
  return {
    source: tuple.source,
    destination: tuple.destination,
    sourcePort: tuple.icmp === null ? tuple.sourcePort : null,
    destinationPort: tuple.icmp === null ? tuple.destinationPort : null,
  }
}

/** Multicast listeners, routers and neighbours, and multicast router discovery (noct_valid_new). Not redirects: they are invalid. */
const UNTRACKED_ICMPV6: readonly number[] = [130, 131, 132, 133, 134, 135, 136, 143, 151, 152]

/** What conntrack makes of a packet that belongs to nothing it knows. */
function initialState(walk: Walk, packet: Packet): 'new' | 'invalid' | 'untracked' {
  switch (packet.protocol) {
    case TCP:
      return tcpState(walk, packet.tcpFlags)
    case ICMP: // only requests begin a connection; errors without one are invalid
      return [8, 13, 15, 17].includes(packet.icmpType) ? 'new' : 'invalid'
    case ICMPV6:
      if (UNTRACKED_ICMPV6.includes(packet.icmpType)) return 'untracked'
      return packet.icmpType === 128 || packet.icmpType === 139 ? 'new' : 'invalid'
    case SCTP: // begins with INIT; an INIT ACK belongs to a connection or is invalid
      return packet.isAnswer ? 'invalid' : 'new'
    default:
      return 'new'
  }
}

/** tcp_error and tcp_new (net/netfilter/nf_conntrack_proto_tcp.c). */
function tcpState(walk: Walk, flags: number): 'new' | 'invalid' {
  const relevant = flags & (FIN | SYN | RST | ACK | URG)
  if (relevant === SYN || relevant === (SYN | URG)) return 'new'
  // mid-stream pick-up
  const loose = walk.network.sysctls.get('net.netfilter.nf_conntrack_tcp_loose', 1) !== 0
  return (relevant === ACK || relevant === (ACK | URG)) && loose ? 'new' : 'invalid'
}
