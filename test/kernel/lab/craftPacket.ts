import {ICMP, ICMPV6, SCTP, TCP, UDP} from '../../../src/net/index.js'
import {addressBytes} from './addressBytes.js'
import {crc32c, internetChecksum} from './checksum.js'

export interface PacketFields {
  readonly source: string
  readonly destination: string
  readonly protocol: number
  readonly sport: number
  readonly dport: number
  readonly ttl: number
  readonly tos: number
  /** IPv4 identification or IPv6 flow label; the lab's own way to tell wire packets their mark. */
  readonly ident: number
  readonly tcpFlags: number
  readonly sequence: number
  readonly acknowledgement: number
  readonly icmpType: number
  readonly icmpCode: number
  /** Echo identifier, or the rest of the header of an ICMP error. */
  readonly icmpId: number
  readonly payload: Buffer
}

export const PACKET_DEFAULTS: Omit<PacketFields, 'source' | 'destination' | 'protocol'> = {
  sport: 0,
  dport: 0,
  ttl: 64,
  tos: 0,
  ident: 0,
  tcpFlags: 2,
  sequence: 1000,
  acknowledgement: 0,
  icmpType: 8,
  icmpCode: 0,
  icmpId: 7,
  payload: Buffer.from('ekspath!'),
}

/** The Initiate Tag of every SCTP association the lab opens. */
const SCTP_TAG = 0x11223344

/** A whole IP packet with right checksums. The family follows from the addresses. */
export function craftPacket(fields: PacketFields): Buffer {
  const source = addressBytes(fields.source)
  const destination = addressBytes(fields.destination)
  const length = Buffer.alloc(8)
  const body = craftTransport(fields, body => {
    length.writeUInt32BE(body.length)
    length.writeUInt32BE(fields.protocol, 4)
    return [source, destination, length]
  })
  return source.length === 4
    ? ipv4Packet(fields, source, destination, body)
    : ipv6Packet(fields, source, destination, body)
}

function ipv4Packet(fields: PacketFields, source: Buffer, destination: Buffer, body: Buffer): Buffer {
  const header = Buffer.alloc(20)
  header.writeUInt16BE(0x4500 | fields.tos, 0)
  header.writeUInt16BE(20 + body.length, 2)
  header.writeUInt16BE(fields.ident, 4)
  header.writeUInt16BE(0x4000, 6) // don't fragment
  header.writeUInt16BE((fields.ttl << 8) | fields.protocol, 8)
  source.copy(header, 12)
  destination.copy(header, 16)
  header.writeUInt16BE(internetChecksum(header), 10)
  return Buffer.concat([header, body])
}

function ipv6Packet(fields: PacketFields, source: Buffer, destination: Buffer, body: Buffer): Buffer {
  const header = Buffer.alloc(40)
  header.writeUInt32BE(((6 << 28) | (fields.tos << 20) | fields.ident) >>> 0, 0)
  header.writeUInt16BE(body.length, 4)
  header.writeUInt16BE((fields.protocol << 8) | fields.ttl, 6)
  source.copy(header, 8)
  destination.copy(header, 24)
  return Buffer.concat([header, body])
}

/** @param pseudoHeader of the upper-layer checksum; the 32-bit form of IPv6 sums up to the same in IPv4 */
function craftTransport(fields: PacketFields, pseudoHeader: (body: Buffer) => Buffer[]): Buffer {
  const body = Buffer.concat([transportHeader(fields), fields.protocol === SCTP ? sctpChunk(fields) : fields.payload])
  switch (fields.protocol) {
    case UDP:
      body.writeUInt16BE(body.length, 4)
      body.writeUInt16BE(internetChecksum(...pseudoHeader(body), body) || 0xffff, 6)
      return body
    case TCP:
      body.writeUInt16BE(internetChecksum(...pseudoHeader(body), body), 16)
      return body
    case ICMP:
      body.writeUInt16BE(internetChecksum(body), 2)
      return body
    case ICMPV6:
      body.writeUInt16BE(internetChecksum(...pseudoHeader(body), body), 2)
      return body
    case SCTP:
      body.writeUInt32LE(crc32c(body), 8)
      return body
    default:
      return body
  }
}

function transportHeader(fields: PacketFields): Buffer {
  switch (fields.protocol) {
    case UDP:
      return ports(fields, 8)
    case TCP: {
      const syn = (fields.tcpFlags & 2) !== 0
      const header = ports(fields, syn ? 24 : 20)
      header.writeUInt32BE(fields.sequence, 4)
      header.writeUInt32BE(fields.acknowledgement, 8)
      header.writeUInt16BE(((syn ? 6 : 5) << 12) | fields.tcpFlags, 12)
      header.writeUInt16BE(64240, 14)
      if (syn) header.writeUInt32BE(0x020405b4, 20) // MSS 1460
      return header
    }
    case ICMP:
    case ICMPV6: {
      const header = Buffer.alloc(8)
      header.writeUInt16BE((fields.icmpType << 8) | fields.icmpCode, 0)
      header.writeUInt16BE(fields.icmpId, 4)
      header.writeUInt16BE(1, 6)
      return header
    }
    case SCTP: {
      const header = ports(fields, 12)
      header.writeUInt32BE(fields.acknowledgement, 4) // verification tag: 0 with INIT
      return header
    }
    default:
      return Buffer.alloc(0)
  }
}

function ports(fields: PacketFields, length: number): Buffer {
  const header = Buffer.alloc(length)
  header.writeUInt16BE(fields.sport, 0)
  header.writeUInt16BE(fields.dport, 2)
  return header
}

/** INIT, or INIT ACK with a cookie where there is a tag to acknowledge. */
function sctpChunk(fields: PacketFields): Buffer {
  const answer = fields.acknowledgement !== 0
  const chunk = Buffer.alloc(answer ? 28 : 20)
  chunk.writeUInt16BE((answer ? 2 : 1) << 8, 0)
  chunk.writeUInt16BE(chunk.length, 2)
  chunk.writeUInt32BE(SCTP_TAG, 4)
  chunk.writeUInt32BE(65536, 8)
  chunk.writeUInt16BE(4, 12)
  chunk.writeUInt16BE(4, 14)
  chunk.writeUInt32BE(1, 16)
  if (answer) chunk.writeUInt32BE(0x00070008, 20)
  return chunk
}

/** The tag with which an INIT ACK answers. */
export const SCTP_ANSWER_TAG = SCTP_TAG
