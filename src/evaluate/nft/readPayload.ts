import {hasPorts, ICMP, ICMPV6, parseProtocol, TCP} from '../../net/index.js'
import type {NftExpression} from '../../model/index.js'
import type {Packet} from '../walk/packet.js'
import {TCP_FLAG_FACT} from '../netfilter/compileMatch.js'
import type {Reading} from './reading.js'

/** Bytes. */
const IPV6_HEADER = 40

/** IPPROTO_COMP, which /etc/protocols calls ipcomp. */
const IPCOMP = 108

type Payload = Extract<NftExpression, {kind: 'payload'}>

/**
 * A field of a header. The listing leaves out the test for the protocol that nft puts before it, so a field of a header that the packet does not
 * have ends the rule.
 */
export function readPayload(packet: Packet, {protocol, field, text}: Payload): Reading {
  switch (protocol) {
    case 'ip':
      return packet.family === 4 ? readNetwork(packet, field, text) : null
    case 'ip6':
      return packet.family === 6 ? readNetwork(packet, field, text) : null
    case 'th':
      return readTransport(packet, field, text)
    case 'icmp':
    case 'icmpv6':
      return packet.protocol === (protocol === 'icmp' ? ICMP : ICMPV6) ? readIcmp(packet, field, text) : null
    case 'ether':
      return readLink(packet, field, text)
    case 'vlan':
    case 'arp':
      return null
    default:
      return packet.protocol === (protocol === 'comp' ? IPCOMP : parseProtocol(protocol))
        ? readTransport(packet, field, text)
        : null
  }
}

function fact(text: string): Reading {
  return {kind: 'fact', text, scope: ''}
}

function readNetwork(packet: Packet, field: string, text: string): Reading {
  switch (field) {
    case 'saddr':
      return packet.source
    case 'daddr':
      return packet.destination
    case 'protocol':
    case 'nexthdr':
      return packet.protocol
    case 'ttl':
    case 'hoplimit':
      return packet.ttl
    case 'dscp':
      return packet.tos >> 2
    case 'ecn':
      return packet.tos & 3
    case 'version':
      return packet.family
    case 'length': // of IPv6: without its header
      return {kind: 'length', less: packet.family === 4 ? 0 : IPV6_HEADER}
    default:
      return fact(text)
  }
}

function readTransport(packet: Packet, field: string, text: string): Reading {
  const {protocol, sourcePort, destinationPort} = packet
  if (hasPorts(protocol)) {
    if (field === 'sport') return sourcePort ?? {kind: 'port', side: 'source'}
    if (field === 'dport') return destinationPort ?? {kind: 'port', side: 'destination'}
    if (field === 'flags' && protocol === TCP) return readFlags(packet)
  } else if (field === 'sport' && (protocol === ICMP || protocol === ICMPV6)) {
    return packet.icmpType * 256 + packet.icmpCode
  }
  return fact(text)
}

function readFlags({tcpFlags, otherTcpFlags}: Packet): Reading {
  if (otherTcpFlags === null) return tcpFlags
  return {kind: 'either', holds: tcpFlags, fails: otherTcpFlags, key: 'listens', fact: TCP_FLAG_FACT}
}

function readIcmp(packet: Packet, field: string, text: string): Reading {
  return field === 'type' ? packet.icmpType : field === 'code' ? packet.icmpCode : fact(text)
}

/** Packets of the node have no link header yet. */
function readLink(packet: Packet, field: string, text: string): Reading {
  if (packet.maker !== 'wire' || packet.inInterface === null) return null
  if (field === 'type') return packet.family === 4 ? 0x0800 : 0x86dd
  return (field === 'saddr' ? packet.sourceMac : null) ?? fact(text)
}
