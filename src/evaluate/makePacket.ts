import {
  hasPorts,
  ICMP,
  ICMPV6,
  isLinkLocal,
  isLoopback,
  isMulticast,
  IPV4_ANY,
  IPV6_ANY,
  SCTP,
  TCP,
  UDP,
} from '../net/index.js'
import type {Flow} from '../model/index.js'
import type {Network} from './network/network.js'
import type {Origin} from './origin.js'
import {addressType} from './netfilter/addressType.js'
import type {DeviceChoice} from './walk/lookup.js'
import {ALL_PORTS, type OpenRanges, type Packet} from './walk/packet.js'

const SYN = 2
const RST = 4
const ACK = 16

/** The flow's first packet, where it enters the node. */
export function firstPacket(network: Network, flow: Flow, origin: Origin): Packet {
  const ported = hasPorts(flow.protocol)
  const source = flow.source ?? (flow.family === 4 ? IPV4_ANY : IPV6_ANY)
  return {
    family: flow.family,
    protocol: flow.protocol,
    source,
    destination: flow.destination,
    sourcePort: ported ? flow.sourcePort : null,
    destinationPort: ported ? flow.destinationPort : null,
    openSourcePorts: ported && flow.sourcePort === null ? ALL_PORTS : [],
    openDestinationPorts: ported && flow.destinationPort === null ? ALL_PORTS : [],
    icmpType: flow.icmpType ?? (flow.family === 4 ? 8 : 128),
    icmpCode: flow.icmpCode ?? 0,
    tcpFlags: flow.tcpFlags,
    otherTcpFlags: null,
    mark: flow.mark,
    tos: flow.dscp << 2,
    ttl: flow.ttl,
    openLength: lengths(flow.family, flow.protocol),
    inInterface: origin.interface,
    outInterface: null,
    hookOut: null,
    sourceMac: origin.interface === null ? null : (network.neighbour(origin.interface, source)?.mac ?? null),
    isAnswer: false,
    maker: origin.kind === 'node' ? 'process' : 'wire',
    transparent: false,
    boundInterface: flow.outInterface,
    answerDevice: null,
    connection: null,
    ctInfo: 'none',
    direction: 'original',
    ipvs: false,
    answeredElsewhere: false,
    handedTo: null,
    route: null,
  }
}

/** The shortest packet of a protocol, in bytes with the IP header. */
function lengths(family: 4 | 6, protocol: number): OpenRanges {
  const header = family === 4 ? 20 : 40
  const inner =
    protocol === TCP
      ? 20
      : protocol === UDP || protocol === ICMP || protocol === ICMPV6
        ? 8
        : protocol === SCTP
          ? 12
          : 0
  return [{min: header + inner, max: 65535}]
}

/**
 * The answer to a packet that left the node or was delivered: sent back by whoever got it, by the way it went.
 * @param sent as it was at the end of its walk @param delivered true: the node itself answers
 * @returns null where nobody answers such a packet
 */
export function answerPacket(network: Network, sent: Packet, delivered: boolean): Packet | null {
  const body = answerBody(sent, delivered)
  if (body === null) return null
  const group =
    delivered && ['BROADCAST', 'MULTICAST', 'ANYCAST'].includes(addressType(network, sent.destination, null))
  // IPv6 answers a ping to a group, from an address of its own
  if (group && sent.protocol !== UDP && sent.protocol !== ICMPV6) return null
  const device = delivered ? null : sent.outInterface
  // a socket cannot send from a broadcast address: the kernel picks
  const source = group ? (sent.family === 4 ? IPV4_ANY : IPV6_ANY) : sent.destination
  const reflects =
    delivered && sent.protocol !== UDP && network.sysctls.get(`net.ipv${sent.family}.fwmark_reflect`, 0) !== 0
  return {
    family: sent.family,
    protocol: sent.protocol,
    source,
    destination: sent.source,
    sourcePort: sent.destinationPort,
    destinationPort: sent.sourcePort,
    openSourcePorts: sent.openDestinationPorts,
    openDestinationPorts: sent.openSourcePorts,
    icmpType: body.icmpType,
    icmpCode: body.icmpCode,
    tcpFlags: body.tcpFlags,
    otherTcpFlags: body.otherTcpFlags,
    mark: reflects ? sent.mark : 0,
    // what the stack itself answers has the TOS of what it answers
    tos: delivered && sent.protocol !== UDP ? sent.tos : 0,
    ttl: 64,
    openLength: lengths(sent.family, sent.protocol),
    inInterface: device,
    outInterface: null,
    hookOut: null,
    sourceMac:
      device === null
        ? null
        : (network.neighbour(device, sent.route?.hops[0]?.gateway ?? sent.destination)?.mac ?? null),
    isAnswer: true,
    maker: device === null ? 'process' : 'wire',
    transparent: delivered && sent.transparent,
    // an answer to a link-local address stays on its link
    boundInterface: delivered && sent.family === 6 && isLinkLocal(sent.source) ? sent.inInterface : null,
    answerDevice: delivered && sent.protocol === ICMPV6 ? echoDevice(sent, group) : null,
    connection: null,
    ctInfo: 'none',
    direction: 'original',
    ipvs: false,
    answeredElsewhere: false,
    handedTo: null,
    route: null,
  }
}

/** An ICMP error about a packet that left, as a router on its way (or the destination) sends it back. It quotes the packet as it left. */
export function errorPacket(sent: Packet, error: NonNullable<Flow['icmpAnswer']>): Packet {
  const protocol = sent.family === 4 ? ICMP : ICMPV6
  return {
    ...sent,
    protocol,
    source: error.source ?? sent.destination,
    destination: sent.source,
    sourcePort: null,
    destinationPort: null,
    openSourcePorts: [],
    openDestinationPorts: [],
    icmpType: error.type,
    icmpCode: error.code,
    tcpFlags: 0,
    otherTcpFlags: null,
    mark: 0,
    tos: 0,
    ttl: 64,
    openLength: lengths(sent.family, protocol),
    inInterface: sent.outInterface,
    outInterface: null,
    hookOut: null,
    sourceMac: null,
    isAnswer: true,
    maker: 'wire',
    transparent: false,
    boundInterface: null,
    answerDevice: null,
    connection: null,
    ctInfo: 'none',
    direction: 'original',
    ipvs: false,
    answeredElsewhere: false,
    handedTo: null,
    route: null,
  }
}

/** icmpv6_echo_reply: the device of the request, or over lo that of the address asked; a source still to be picked, or a destination on the link, binds to it. */
function echoDevice({source, inInterface, route}: Packet, picksSource: boolean): DeviceChoice | null {
  const name = inInterface === 'lo' ? (route?.hops[0]?.interface ?? null) : inInterface
  const only = picksSource || isMulticast(source) || isLinkLocal(source) || isLoopback(source)
  return name === null ? null : {name, reach: only ? 'only' : 'metric'}
}

type Body = Pick<Packet, 'icmpType' | 'icmpCode' | 'tcpFlags' | 'otherTcpFlags'>

function answerBody(sent: Packet, delivered: boolean): Body | null {
  const plain = {icmpType: 0, icmpCode: 0, tcpFlags: 0, otherTcpFlags: null}
  switch (sent.protocol) {
    case TCP:
      return tcpAnswer(sent.tcpFlags, delivered)
    case ICMP: {
      const answer =
        sent.icmpType === 8
          ? 0
          : [13, 15, 17].includes(sent.icmpType) && (!delivered || sent.icmpType === 13)
            ? sent.icmpType + 1
            : null
      return answer === null ? null : {...plain, icmpType: answer}
    }
    case ICMPV6:
      return sent.icmpType === 128 ? {...plain, icmpType: 129} : null
    case UDP:
    case SCTP:
      return plain
    default:
      return null
  }
}

/** A peer that got a RST has nothing to say, but what it sends on the connection would come as an ACK; the node's own stack never answers a RST. */
function tcpAnswer(flags: number, delivered: boolean): Body | null {
  const withFlags = (tcpFlags: number, otherTcpFlags: number | null): Body => ({
    icmpType: 0,
    icmpCode: 0,
    tcpFlags,
    otherTcpFlags,
  })
  const opens = (flags & SYN) !== 0 && (flags & ACK) === 0
  if (!delivered) return withFlags(opens ? SYN | ACK : ACK, null)
  if ((flags & RST) !== 0) return null
  return opens ? withFlags(SYN | ACK, RST | ACK) : withFlags(RST, ACK)
}
