import type {Match, RuleHeader} from '../../model/index.js'
import type {Packet} from '../walk/packet.js'

type Kind = 'source' | 'destination' | 'protocol' | 'in-interface' | 'out-interface'
type Of<K extends Kind> = Match & {readonly kind: K}

/** The header that asks nothing. */
export const NO_HEADER: RuleHeader = {
  source: 0,
  sourceMask: 0,
  notSource: false,
  destination: 0,
  destinationMask: 0,
  notDestination: false,
  protocol: 0,
  notProtocol: false,
  inInterface: null,
  outInterface: null,
}

/** The conditions of a rule that a header can hold, and the others. */
export function splitHeader(matches: readonly Match[]): {
  readonly header: RuleHeader
  readonly others: readonly Match[]
} {
  if (!matches.some(fitsHeader)) return {header: NO_HEADER, others: matches}
  const found = new Map<Kind, Match>()
  const others = matches.filter(match => {
    if (!fitsHeader(match) || found.has(match.kind)) return true
    found.set(match.kind, match)
    return false
  })
  const one = <K extends Kind>(kind: K): Of<K> | null => (found.get(kind) as Of<K> | undefined) ?? null
  const [source, destination, protocol] = [one('source'), one('destination'), one('protocol')]
  const header = {
    source: Number(source?.prefix.address ?? 0) | 0,
    sourceMask: Number(source?.prefix.mask ?? 0) | 0,
    notSource: source?.negated ?? false,
    destination: Number(destination?.prefix.address ?? 0) | 0,
    destinationMask: Number(destination?.prefix.mask ?? 0) | 0,
    notDestination: destination?.negated ?? false,
    protocol: protocol?.protocol ?? 0,
    notProtocol: protocol?.negated ?? false,
    inInterface: one('in-interface'),
    outInterface: one('out-interface'),
  }
  return {header, others}
}

function fitsHeader(match: Match): match is Of<Kind> {
  switch (match.kind) {
    case 'source':
    case 'destination':
      return typeof match.prefix.address === 'number'
    case 'protocol':
      return match.protocol !== 0
    case 'in-interface':
    case 'out-interface':
      return true
    default:
      return false
  }
}

/** ip_packet_match (net/ipv4/netfilter/ip_tables.c). @param packet of IPv4 */
export function matchesHeader(header: RuleHeader, packet: Packet): boolean {
  if ((((packet.source as number) & header.sourceMask) === header.source) === header.notSource) return false
  if ((((packet.destination as number) & header.destinationMask) === header.destination) === header.notDestination)
    return false
  const {protocol, inInterface, outInterface} = header
  if (protocol !== 0 && (packet.protocol === protocol) === header.notProtocol) return false
  if (inInterface !== null && isDevice(inInterface, packet.inInterface) === inInterface.negated) return false
  return outInterface === null || isDevice(outInterface, packet.hookOut) !== outInterface.negated
}

/** A missing device has the empty name: `! -o eth0` holds for it, and so does `-o +`. */
export function isDevice(match: {readonly name: string; readonly wildcard: boolean}, device: string | null): boolean {
  const name = device ?? ''
  return match.wildcard ? name.startsWith(match.name) : name === match.name
}
