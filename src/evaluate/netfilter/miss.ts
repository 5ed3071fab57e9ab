import {
  formatAddress,
  formatMark,
  formatMasked,
  formatPortRange,
  formatPrefix,
  type Prefix,
  protocolName,
} from '../../net/index.js'
import type {MaskedAddress, Match} from '../../model/index.js'
import type {Packet} from '../walk/packet.js'

/** Why a rule did not match, in words: what it asks against what the packet has. */
export function describeMatch(match: Match, packet: Packet): string {
  const not = match.negated ? 'not ' : ''
  switch (match.kind) {
    case 'source':
    case 'destination':
      return `${match.kind} ${formatAddress(packet[match.kind])} against ${not}${describePrefix(match.prefix)}`
    case 'in-interface':
      return `in-interface ${packet.inInterface ?? 'none'} against ${not}${match.name}${match.wildcard ? '+' : ''}`
    case 'out-interface':
      return `out-interface ${packet.hookOut ?? 'none'} against ${not}${match.name}${match.wildcard ? '+' : ''}`
    case 'protocol':
      return `protocol ${protocolName(packet.protocol)} against ${not}${protocolName(match.protocol)}`
    case 'source-port':
      return `source port ${packet.sourcePort ?? 'open'} against ${not}${formatPortRange(match.range)}`
    case 'destination-port':
      return `destination port ${packet.destinationPort ?? 'open'} against ${not}${formatPortRange(match.range)}`
    case 'mark':
      return `mark ${formatMark(packet.mark)} against ${not}${formatMasked(match.mark)}`
    case 'connmark':
      return `connection mark ${packet.connection === null ? 'none' : formatMark(packet.connection.mark)} against ${not}${formatMasked(match.mark)}`
    case 'ct-state':
      return `connection state ${packet.ctInfo.toUpperCase()} against ${not}${match.states.join(',')}`
    case 'address-type':
      return `type of the ${match.side} address ${formatAddress(packet[match.side])} against ${not}${match.types.join(',')}`
    case 'set':
      return `not ${match.negated ? 'outside' : 'in'} the ipset ${match.set}`
    case 'tcp-flags':
      return `TCP flags ${formatMark(packet.tcpFlags)} against ${not}${formatMark(match.flags)} of ${formatMark(match.mask)}`
    case 'icmp':
      return `ICMP ${packet.icmpType}/${packet.icmpCode} against ${not}${match.type ?? 'any'}`
    default:
      return `${not}${match.kind} does not hold`
  }
}

function describePrefix(prefix: Prefix | MaskedAddress): string {
  return 'length' in prefix ? formatPrefix(prefix) : `${formatAddress(prefix.address)}/${formatAddress(prefix.mask)}`
}
