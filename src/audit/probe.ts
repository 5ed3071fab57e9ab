import type {Flow} from '../model/index.js'
import {type Address, familyOf, ICMP, ICMPV6, parseIpv4, TCP} from '../net/index.js'

/** An address outside every VPC: of a block that is reserved for documentation (RFC 5737). */
export const OUTSIDE = parseIpv4('203.0.113.10') as Address

const ECHO_REQUEST = {4: 8, 6: 128} as const

/**
 * The first packet of a TCP connection.
 * @param source null: a socket of the node
 * @param inInterface null: as the source says
 */
export function tcpProbe(
  source: Address | null,
  destination: Address,
  port: number,
  inInterface: string | null = null,
): Flow {
  return {
    ...EMPTY,
    family: familyOf(destination),
    protocol: TCP,
    source,
    destination,
    destinationPort: port,
    inInterface,
  }
}

/** An echo request. */
export function pingProbe(source: Address, destination: Address): Flow {
  const family = familyOf(destination)
  const protocol = family === 4 ? ICMP : ICMPV6
  return {...EMPTY, family, protocol, source, destination, icmpType: ECHO_REQUEST[family], icmpCode: 0}
}

const EMPTY = {
  sourcePort: null,
  destinationPort: null,
  inInterface: null,
  outInterface: null,
  mark: 0,
  dscp: 0,
  ttl: 64,
  tcpFlags: 2, // SYN
  icmpType: null,
  icmpCode: null,
  icmpAnswer: null,
  ctState: null,
} satisfies Partial<Flow>
