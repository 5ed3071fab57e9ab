import {hasPorts, ICMP, ICMPV6, isMulticast, parseAddress, SCTP, TCP} from '../../../src/net/index.js'
import {craftPacket, PACKET_DEFAULTS, type PacketFields, SCTP_ANSWER_TAG} from './craftPacket.js'
import {readTuple, type Tuple} from './tuple.js'

const SYN = 2
const RST = 4
const ACK = 16

/** Types that ask, and what answers them. */
const ICMP_ANSWERS = new Map([
  [8, 0],
  [13, 14],
  [15, 16],
  [17, 18],
])
const ICMPV6_ANSWERS = new Map([[128, 129]])

/** The packet with which a server would answer; null where nobody answers. */
export function replyFields(packet: Tuple): PacketFields | null {
  const destination = parseAddress(packet.destination)
  if (destination === null || isMulticast(destination) || packet.destination === '255.255.255.255') return null
  const fields = {
    ...PACKET_DEFAULTS,
    source: packet.destination,
    destination: packet.source,
    protocol: packet.protocol,
    sport: packet.dport ?? 0,
    dport: packet.sport ?? 0,
  }
  if (packet.protocol === ICMP || packet.protocol === ICMPV6) {
    const answers = packet.protocol === ICMP ? ICMP_ANSWERS : ICMPV6_ANSWERS
    const icmpType = answers.get(packet.icmpType ?? -1)
    if (icmpType === undefined) return null
    return {...fields, icmpType, icmpId: packet.transport.readUInt16BE(4)}
  }
  if (packet.protocol === TCP) {
    if ((packet.tcpFlags & RST) !== 0) return null
    const sequence = packet.transport.readUInt32BE(4)
    const opens = (packet.tcpFlags & (SYN | ACK)) === SYN
    return {
      ...fields,
      tcpFlags: opens ? SYN | ACK : ACK,
      sequence: 5000,
      acknowledgement: (sequence + 1) >>> 0,
      payload: Buffer.alloc(0),
    }
  }
  if (packet.protocol === SCTP) return {...fields, acknowledgement: SCTP_ANSWER_TAG}
  return hasPorts(packet.protocol) ? fields : null
}

/** Null where nobody answers. */
export function craftReply(packet: Tuple): {readonly bytes: Buffer; readonly tuple: Tuple} | null {
  const fields = replyFields(packet)
  if (fields === null) return null
  const bytes = craftPacket(fields)
  const tuple = readTuple(bytes)
  return tuple === null ? null : {bytes, tuple}
}
