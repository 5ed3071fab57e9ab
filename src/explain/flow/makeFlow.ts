import {type Address, type Family, familyOf, formatAddress, hasPorts, protocolName, TCP} from '../../net/index.js'
import type {Flow} from '../../model/index.js'
import {FlowError} from '../../evaluate/index.js'
import {isIcmp} from './words.js'

/** What is known of a flow; absent members are left open or take the kernel's defaults. */
export interface FlowParts {
  readonly protocol: number
  readonly source: Address | null
  readonly destination: Address
  readonly sourcePort?: number | null
  readonly destinationPort?: number | null
  readonly inInterface?: string | null
  readonly outInterface?: string | null
  readonly mark?: number
  readonly dscp?: number
  readonly ttl?: number
  /** Absent: SYN. */
  readonly tcpFlags?: number
  readonly icmpType?: number | null
  readonly icmpCode?: number | null
  readonly icmpAnswer?: Flow['icmpAnswer']
  readonly ctState?: Flow['ctState']
}

/** Linux' default TTL and hop limit. */
const DEFAULT_TTL = 64
const SYN = 2

/** @throws FlowError where the parts do not fit each other */
export function makeFlow(parts: FlowParts): Flow {
  const family = familyOf(parts.destination)
  refuseMixture(parts, family)
  return {
    family,
    protocol: parts.protocol,
    source: parts.source,
    destination: parts.destination,
    sourcePort: parts.sourcePort ?? null,
    destinationPort: parts.destinationPort ?? null,
    inInterface: parts.inInterface ?? null,
    outInterface: parts.outInterface ?? null,
    mark: parts.mark ?? 0,
    dscp: parts.dscp ?? 0,
    ttl: parts.ttl ?? DEFAULT_TTL,
    tcpFlags: parts.tcpFlags ?? SYN,
    icmpType: parts.icmpType ?? null,
    icmpCode: parts.icmpCode ?? null,
    icmpAnswer: parts.icmpAnswer ?? null,
    ctState: parts.ctState ?? null,
  }
}

function refuseMixture(parts: FlowParts, family: Family): void {
  const {source, destination, protocol} = parts
  if (source !== null && familyOf(source) !== family) {
    throw new FlowError(
      `${formatAddress(source)} and ${formatAddress(destination)} are of different families: give both as IPv4 or both as IPv6.`,
    )
  }
  const name = protocolName(protocol)
  const port = parts.sourcePort ?? parts.destinationPort ?? null
  if (port !== null && !hasPorts(protocol))
    throw new FlowError(`${name} has no ports: leave out the port ${port}, or give tcp or udp.`)
  if (parts.tcpFlags !== undefined && protocol !== TCP)
    throw new FlowError(`${name} has no TCP flags: leave them out, or give tcp.`)
  if (parts.icmpType != null && !isIcmp(protocol))
    throw new FlowError(`${name} has no ICMP type: leave it out, or give icmp.`)
}
