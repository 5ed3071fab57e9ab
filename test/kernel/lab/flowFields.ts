import {hasPorts, ICMP, ICMPV6, parseProtocol} from '../../../src/net/index.js'
import {addressBytes, addressText} from './addressBytes.js'
import {craftPacket, PACKET_DEFAULTS, type PacketFields} from './craftPacket.js'
import type {KernelFlow} from './nodeSpec.js'
import type {Tuple} from './tuple.js'

const FLAG_BITS: Readonly<Record<string, number>> = {FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32, NONE: 0}

/** `SYN,ACK` → bits; a TCP flow without flags is a SYN. */
export function flagBits(text = 'SYN'): number {
  return text.split(',').reduce((bits, name) => bits | (FLAG_BITS[name] ?? 0), 0)
}

export function flowProtocol(flow: KernelFlow): number {
  const protocol = parseProtocol(flow.proto)
  if (protocol === null) throw new Error(`unknown protocol ${flow.proto}`)
  return protocol
}

/** The packet that a flow stands for. An unbound source is left as `::` or `0.0.0.0`. */
export function flowFields(flow: KernelFlow): PacketFields {
  const protocol = flowProtocol(flow)
  const four = addressBytes(flow.dst).length === 4
  const icmpType = flow.icmpType ?? (protocol === ICMPV6 ? 128 : 8)
  const fields: PacketFields = {
    ...PACKET_DEFAULTS,
    source: flow.src ?? (four ? '0.0.0.0' : '::'),
    destination: flow.dst,
    protocol,
    sport: flow.sport ?? 0,
    dport: flow.dport ?? 0,
    ttl: flow.ttl ?? 64,
    tos: (flow.dscp ?? 0) << 2,
    tcpFlags: flagBits(flow.tcpFlags),
    icmpType,
    icmpCode: flow.icmpCode ?? 0,
  }
  if (!isError(protocol, icmpType)) return fields
  // an error quotes a packet that its receiver might have sent, of no known connection
  const quoted = craftPacket({
    ...fields,
    source: flow.dst,
    destination: flow.src ?? flow.dst,
    protocol: 17,
    sport: 4242,
    dport: 4343,
  })
  return {...fields, icmpId: 0, payload: quoted}
}

function isError(protocol: number, type: number): boolean {
  return protocol === ICMP ? [3, 4, 5, 11, 12].includes(type) : protocol === ICMPV6 && type < 128
}

/** Is this the packet that a flow sent, as it was first seen? */
export function isFlow(flow: KernelFlow, tuple: Tuple): boolean {
  const fields = flowFields(flow)
  const icmp = fields.protocol === ICMP || fields.protocol === ICMPV6
  return (
    tuple.protocol === fields.protocol &&
    tuple.destination === addressText(addressBytes(flow.dst)) &&
    (flow.src === null || tuple.source === addressText(addressBytes(flow.src))) &&
    (!hasPorts(fields.protocol) ||
      ((tuple.sport === fields.sport || flow.sport === undefined) && tuple.dport === fields.dport)) &&
    (!icmp || (tuple.icmpType === fields.icmpType && tuple.icmpCode === fields.icmpCode))
  )
}
