import type {Match} from '../../model/index.js'
import type {Packet} from '../walk/packet.js'

type Kind = 'source' | 'destination' | 'protocol' | 'in-interface' | 'out-interface'
type Of<K extends Kind> = Match & {readonly kind: K}

/** An IPv4 network as two signed 32-bit numbers, which is what `&` gives; mask 0 holds every address. */
interface Network {
  readonly address: number
  readonly mask: number
  readonly negated: boolean
}

/**
 * What most rules of IPv4 ask first, or only, in the form in which it is compared fastest: struct ipt_ip. Null: not asked.
 */
export interface Header {
  readonly source: Network
  readonly destination: Network
  readonly protocol: Of<'protocol'> | null
  readonly inInterface: Of<'in-interface'> | null
  readonly outInterface: Of<'out-interface'> | null
}

const ANY: Network = {address: 0, mask: 0, negated: false}

/** The conditions of a rule that a header can hold, and the others. */
export function splitHeader(matches: readonly Match[]): {readonly header: Header | null; readonly others: Match[]} {
  const found = new Map<Kind, Match>()
  const others = matches.filter(match => {
    if (!fitsHeader(match) || found.has(match.kind)) return true
    found.set(match.kind, match)
    return false
  })
  if (found.size === 0) return {header: null, others}
  const one = <K extends Kind>(kind: K): Of<K> | null => (found.get(kind) as Of<K> | undefined) ?? null
  const header = {
    source: networkOf(one('source')),
    destination: networkOf(one('destination')),
    protocol: one('protocol'),
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

function networkOf(match: Of<'source' | 'destination'> | null): Network {
  if (match === null) return ANY
  const {address, mask} = match.prefix
  return {address: Number(address) | 0, mask: Number(mask) | 0, negated: match.negated}
}

/** ip_packet_match (net/ipv4/netfilter/ip_tables.c). @param packet of IPv4 */
export function matchesHeader(header: Header, packet: Packet): boolean {
  const {source, destination, protocol, inInterface, outInterface} = header
  if ((((packet.source as number) & source.mask) === source.address) === source.negated) return false
  if ((((packet.destination as number) & destination.mask) === destination.address) === destination.negated)
    return false
  if (protocol !== null && (packet.protocol === protocol.protocol) === protocol.negated) return false
  if (inInterface !== null && isDevice(inInterface, packet.inInterface) === inInterface.negated) return false
  return outInterface === null || isDevice(outInterface, packet.hookOut) !== outInterface.negated
}

/** A missing device has the empty name: `! -o eth0` holds for it, and so does `-o +`. */
export function isDevice(match: {readonly name: string; readonly wildcard: boolean}, device: string | null): boolean {
  const name = device ?? ''
  return match.wildcard ? name.startsWith(match.name) : name === match.name
}
