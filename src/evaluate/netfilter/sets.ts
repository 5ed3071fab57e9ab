import {type Address, contains, hasPorts, TCP, UDP} from '../../net/index.js'
import type {IpSet, IpSetEntry, IpSetPart} from '../../model/index.js'
import type {Packet} from '../walk/packet.js'
import type {Tri} from '../walk/ports.js'

type Direction = 'src' | 'dst'

/**
 * Is the packet in the set (ip_set_test)? Unknown where an open port decides, or an entry is of a kind that is not modelled.
 * @param directions one per dimension
 */
export function inSet(
  sets: ReadonlyMap<string, IpSet>,
  set: IpSet,
  directions: readonly Direction[],
  packet: Packet,
  returnNomatch: boolean,
): Tri {
  if (set.method === 'list') return inAnyMember(sets, set, directions, packet, returnNomatch)
  if (directions.length !== set.dimensions.length) return 0
  if (!hasDimensions(set, directions, packet)) return 0
  let best: IpSetEntry | null = null
  let bestLength = -1
  let open = false
  const entries = set.dimensions.includes('iface') ? mostSpecific(set, directions, packet) : set.entries
  for (const entry of entries) {
    const tri = entryMatches(set, entry, directions, packet)
    if (tri === 2) open = true
    if (tri !== 1) continue
    const length = specificity(entry)
    if (length > bestLength || (length === bestLength && entry.nomatch)) {
      best = entry
      bestLength = length
    }
  }
  if (open) return 2
  if (best === null) return 0
  return best.nomatch === returnNomatch ? 1 : 0
}

/** hash:net,iface: the most specific net that holds the address decides alone, whatever its interface (SET_WITH_MULTI). */
function mostSpecific(set: IpSet, directions: readonly Direction[], packet: Packet): readonly IpSetEntry[] {
  const held = set.entries.filter(entry =>
    entry.parts.every((part, i) => part.kind !== 'net' || partMatches(set, part, directions[i] ?? 'src', packet) !== 0),
  )
  const longest = Math.max(-1, ...held.map(specificity))
  return held.filter(entry => specificity(entry) === longest)
}

function inAnyMember(
  sets: ReadonlyMap<string, IpSet>,
  list: IpSet,
  directions: readonly Direction[],
  packet: Packet,
  returnNomatch: boolean,
): Tri {
  let answer: Tri = 0
  for (const entry of list.entries) {
    const part = entry.parts[0]
    const member = part?.kind === 'member' ? sets.get(part.set) : undefined
    if (member === undefined) {
      answer = 2
      continue
    }
    const tri = inSet(sets, member, directions.slice(0, member.dimensions.length), packet, returnNomatch)
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

function specificity(entry: IpSetEntry): number {
  let length = 0
  for (const part of entry.parts) if (part.kind === 'net') length += part.prefix.length
  return length
}

function entryMatches(set: IpSet, entry: IpSetEntry, directions: readonly Direction[], packet: Packet): Tri {
  let answer: Tri = 1
  for (let i = 0; i < entry.parts.length; i++) {
    const tri = partMatches(set, entry.parts[i] as IpSetPart, directions[i] ?? 'src', packet)
    if (tri === 0) return 0
    if (tri === 2) answer = 2
  }
  return answer
}

function partMatches(set: IpSet, part: IpSetPart, direction: Direction, packet: Packet): Tri {
  const address: Address = direction === 'src' ? packet.source : packet.destination
  switch (part.kind) {
    case 'net':
      return contains(part.prefix, address) ? 1 : 0
    case 'range':
      return typeof address === typeof part.first && address >= part.first && address <= part.last ? 1 : 0
    case 'port': {
      if (part.protocol !== null && part.protocol !== packet.protocol) return 0
      const own = direction === 'src' ? packet.sourcePort : packet.destinationPort
      const port = hasPorts(packet.protocol) ? own : 0
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
    case 'mac':
      return packet.sourceMac === null ? 2 : packet.sourceMac === part.mac ? 1 : 0
    case 'mark': {
      const mask = Number(set.options.get('markmask') ?? 0xffffffff) >>> 0
      return (packet.mark & mask) >>> 0 === part.mark ? 1 : 0
    }
    case 'member':
    case 'unknown':
      return 2
  }
}
