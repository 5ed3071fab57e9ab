import {hasPorts, ICMP, ICMPV6, TCP} from '../../../src/net/index.js'
import {addressText} from './addressBytes.js'

/** What a packet says of itself, read from its headers. */
export interface Tuple {
  readonly family: 4 | 6
  readonly protocol: number
  readonly source: string
  readonly destination: string
  /** Null where the protocol has no ports. */
  readonly sport: number | null
  readonly dport: number | null
  /** Null for everything but ICMP and ICMPv6. */
  readonly icmpType: number | null
  readonly icmpCode: number | null
  /** 0 for everything but TCP. */
  readonly tcpFlags: number
  readonly ttl: number
  /** TOS byte or traffic class. */
  readonly tos: number
  /** The transport header, as much as was given. */
  readonly transport: Buffer
}

/**
 * Reads an IP packet, or the network and transport headers of a trace event apart.
 * @returns null where it is neither IPv4 nor IPv6, or too short
 */
export function readTuple(network: Buffer, transportHeader?: Buffer): Tuple | null {
  const version = (network[0] ?? 0) >> 4
  if (version === 4 && network.length >= 20) {
    const length = ((network[0] ?? 0) & 15) * 4
    return withTransport(network[9] ?? 0, transportHeader ?? network.subarray(length), {
      family: 4,
      source: addressText(network.subarray(12, 16)),
      destination: addressText(network.subarray(16, 20)),
      ttl: network[8] ?? 0,
      tos: network[1] ?? 0,
    })
  }
  if (version === 6 && network.length >= 40) {
    return withTransport(network[6] ?? 0, transportHeader ?? network.subarray(40), {
      family: 6,
      source: addressText(network.subarray(8, 24)),
      destination: addressText(network.subarray(24, 40)),
      ttl: network[7] ?? 0,
      tos: (network.readUInt16BE(0) >> 4) & 255,
    })
  }
  return null
}

type NetworkPart = Pick<Tuple, 'family' | 'source' | 'destination' | 'ttl' | 'tos'>

function withTransport(protocol: number, transport: Buffer, network: NetworkPart): Tuple {
  const ported = hasPorts(protocol) && transport.length >= 4
  const icmp = (protocol === ICMP || protocol === ICMPV6) && transport.length >= 2
  return {
    ...network,
    protocol,
    sport: ported ? transport.readUInt16BE(0) : null,
    dport: ported ? transport.readUInt16BE(2) : null,
    icmpType: icmp ? (transport[0] ?? null) : null,
    icmpCode: icmp ? (transport[1] ?? null) : null,
    tcpFlags: protocol === TCP ? (transport[13] ?? 0) : 0,
    transport,
  }
}

/** Equal for two sightings of one packet between which nothing rewrote it. */
export function tupleKey(tuple: Tuple): string {
  const {source, destination, protocol, sport, dport, icmpType, icmpCode} = tuple
  const id = icmpType === null || tuple.transport.length < 6 ? '' : tuple.transport.readUInt16BE(4)
  return [source, destination, protocol, sport, dport, icmpType, icmpCode, id, tuple.tcpFlags].join(' ')
}
