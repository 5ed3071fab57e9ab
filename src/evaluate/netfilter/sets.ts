import {type Address, contains, DCCP, hasPorts, isMulticast, type Mac, TCP, UDP} from '../../net/index.js'
import type {IpSet, IpSetEntry, IpSetPart} from '../../model/index.js'
import type {Packet} from '../walk/packet.js'
import type {Tri} from '../walk/ports.js'
import type {Walk} from '../walk/walk.js'
import {addressType} from './addressType.js'

type Direction = 'src' | 'dst'

/** What a rule asks of a set. */
interface Question {
  readonly sets: ReadonlyMap<string, IpSet>
  /** One a dimension; those beyond the set's dimensions are not looked at. */
  readonly directions: readonly Direction[]
  /** Nets that are exceptions (`nomatch`) are asked for in place of the others. */
  readonly returnNomatch: boolean
}

/** Is the packet in the set (ip_set_test)? Unknown where an open port decides, or an entry is of a kind that is not modelled. */
export function inSet(walk: Walk, set: IpSet, question: Question): Tri {
  const {directions, returnNomatch} = question
  if (set.method === 'list') return inAnyMember(walk, set, question)
  if (directions.length < set.dimensions.length) return 0
  if (!hasDimensions(set, directions, walk.packet)) return 0
  let best: IpSetEntry | null = null
  let bestLengths: readonly number[] = []
  let open = false
  const entries = set.dimensions.includes('iface') ? mostSpecific(walk, set, directions) : set.entries
  for (const entry of entries) {
    const tri = entryMatches(walk, set, entry, directions)
    if (tri === 2) open = true
    if (tri !== 1) continue
    const lengths = prefixLengths(entry)
    const order = best === null ? 1 : compareLengths(lengths, bestLengths)
    if (order > 0 || (order === 0 && entry.nomatch)) {
      best = entry
      bestLengths = lengths
    }
  }
  if (open) return 2
  if (best === null) return 0
  // types without nets have no exceptions, and do not heed the option (IPSET_TYPE_NOMATCH)
  return best.nomatch === (returnNomatch && set.dimensions.includes('net')) ? 1 : 0
}

/** hash:net,iface: the most specific net that holds the address decides alone, whatever its interface (SET_WITH_MULTI). */
function mostSpecific(walk: Walk, set: IpSet, directions: readonly Direction[]): readonly IpSetEntry[] {
  const held = set.entries.filter(entry =>
    entry.parts.every((part, i) => part.kind !== 'net' || partMatches(walk, set, part, directions[i] ?? 'src') !== 0),
  )
  const longest = held.map(prefixLengths).reduce((most, one) => (compareLengths(one, most) > 0 ? one : most), [])
  return held.filter(entry => compareLengths(prefixLengths(entry), longest) === 0)
}

function inAnyMember(walk: Walk, list: IpSet, question: Question): Tri {
  let answer: Tri = 0
  for (const entry of list.entries) {
    const part = entry.parts[0]
    const member = part?.kind === 'member' ? question.sets.get(part.set) : undefined
    const tri = member === undefined ? 2 : inSet(walk, member, question)
    if (tri === 1) return 1
    if (tri === 2) answer = 2
  }
  return answer
}

/** A dimension that the packet does not have makes the whole test false, whatever the entries are. */
function hasDimensions(set: IpSet, directions: readonly Direction[], packet: Packet): boolean {
  return set.dimensions.every((dimension, i) => {
    switch (dimension) {
      case 'port':
        // bitmap:port takes TCP and UDP only; hash sets ICMP by type and code, and protocols without ports as port 0
        return set.method !== 'bitmap' || packet.protocol === TCP || packet.protocol === UDP
      case 'iface':
        return (directions[i] === 'src' ? packet.inInterface : packet.hookOut) !== null
      case 'mac':
        return packet.maker === 'wire'
      default:
        return set.family === null || set.family === packet.family
    }
  })
}

/** Of the entry's nets, in its order. */
function prefixLengths(entry: IpSetEntry): number[] {
  return entry.parts.flatMap(part => (part.kind === 'net' ? [part.prefix.length] : []))
}

/** The kernel tries the longest first, and for each the lengths of a second net (mtype_test_cidrs). */
function compareLengths(one: readonly number[], other: readonly number[]): number {
  const [first = 0, second = 0] = one
  const [otherFirst = -1, otherSecond = 0] = other
  return first - otherFirst || second - otherSecond
}

function entryMatches(walk: Walk, set: IpSet, entry: IpSetEntry, directions: readonly Direction[]): Tri {
  let answer: Tri = 1
  for (let i = 0; i < entry.parts.length; i++) {
    const tri = partMatches(walk, set, entry.parts[i] as IpSetPart, directions[i] ?? 'src')
    if (tri === 0) return 0
    if (tri === 2) answer = 2
  }
  return answer
}

function partMatches(walk: Walk, set: IpSet, part: IpSetPart, direction: Direction): Tri {
  const {packet} = walk
  const address: Address = direction === 'src' ? packet.source : packet.destination
  switch (part.kind) {
    case 'net':
      return contains(part.prefix, address) ? 1 : 0
    case 'range':
      return typeof address === typeof part.first && address >= part.first && address <= part.last ? 1 : 0
    case 'port': {
      if (part.protocol !== null && part.protocol !== packet.protocol) return 0
      const own = direction === 'src' ? packet.sourcePort : packet.destinationPort
      // sets know no ports of DCCP (get_port of ip_set_getport.c)
      const port = hasPorts(packet.protocol) && packet.protocol !== DCCP ? own : 0
      if (port === null) return 2
      return port >= part.range.min && port <= part.range.max ? 1 : 0
    }
    case 'icmp':
      return part.protocol === packet.protocol && part.type === packet.icmpType && part.code === packet.icmpCode ? 1 : 0
    case 'interface': {
      const name = direction === 'src' ? packet.inInterface : packet.hookOut
      if (name === null) return 0
      if (part.physdev) return 2
      return (part.wildcard ? name.startsWith(part.name) : name === part.name) ? 1 : 0
    }
    case 'mac': {
      const mac = direction === 'src' ? packet.sourceMac : receiverMac(walk)
      return mac === null ? 2 : mac === part.mac ? 1 : 0
    }
    case 'mark': {
      const mask = Number(set.options.get('markmask') ?? 0xffffffff) >>> 0
      return (packet.mark & mask) >>> 0 === part.mark ? 1 : 0
    }
    case 'member':
    case 'unknown':
      return 2
  }
}

/** Whom the frame was addressed to: the device itself, or everybody, which may also come in a frame to the device. */
function receiverMac({packet, network}: Walk): Mac | null {
  if (packet.inInterface === null) return null
  if (isMulticast(packet.destination) || addressType(network, packet.destination, null) === 'BROADCAST') return null
  return network.interfaces.link(packet.inInterface)?.mac ?? null
}
