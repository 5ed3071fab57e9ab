import {formatAddress, hasPorts, protocolName} from '../net/index.js'
import type {JsonEgress, JsonOutcome, JsonPacket} from '../model/index.js'
import {type Branch, BranchGroup} from './branchGroup.js'
import type {Network} from './network/network.js'
import type {Packet} from './walk/packet.js'
import {ANSWER, type Trail, type Verdict} from './walk/walk.js'

export function toOutcome(
  network: Network,
  packet: Packet,
  verdict: Verdict,
  trail: Trail,
  trace: boolean,
): JsonOutcome {
  const outcome: JsonOutcome = {
    disposition: verdict.disposition,
    reason: verdict.reason,
    // both are written once branches that end alike have been joined
    probability: trail.probability,
    conditions: [],
    packet: toJsonPacket(packet),
    egress: verdict.disposition === 'forwarded' ? egressOf(network, packet) : null,
  }
  if (trace) outcome.steps = trail.steps
  return outcome
}

export function toJsonPacket(packet: Packet): JsonPacket {
  const ported = hasPorts(packet.protocol)
  return {
    src: formatAddress(packet.source),
    sport: ported ? packet.sourcePort : null,
    dst: formatAddress(packet.destination),
    dport: ported ? packet.destinationPort : null,
    proto: jsonProtocol(packet.protocol),
    mark: packet.mark,
  }
}

export function jsonProtocol(protocol: number): string {
  return protocolName(protocol)
}

function egressOf(network: Network, packet: Packet): JsonEgress | null {
  const device = packet.outInterface
  if (device === null) return null
  const hop =
    packet.handedTo === null ? (packet.route?.hops[0]?.gateway ?? packet.destination) : packet.handedTo.neighbour
  const neighbour = hop === null ? null : network.neighbour(device, hop)
  return {
    interface: device,
    nextHop: hop === null ? null : formatAddress(hop),
    mac: neighbour?.mac ?? null,
    neighbourState: neighbour?.state ?? null,
    eni: null,
    pod: null,
  }
}

/**
 * Joins branches that end alike: same conditions, and their probabilities add up; conditions that differ in one fact alone, and that fact does
 * not matter. Nothing is dropped. Most probable first, then in the order of the walk.
 */
export function mergeBranches(branches: readonly Branch[]): JsonOutcome[] {
  return joinAlike(branches)
    .map(settle)
    .sort((a, b) => (b.probability ?? 0) - (a.probability ?? 0) || openness(b) - openness(a))
}

/** In the order of the walk. */
function joinAlike(branches: readonly Branch[]): readonly Branch[] {
  // what ends at different destinations is never joined, and most branches choose among the endpoints of a service
  const destinations = new Set<string>()
  for (const {outcome} of branches) destinations.add(outcome.packet.dst)
  if (destinations.size === branches.length) return branches
  const groups = new Map<string, BranchGroup[]>()
  for (const [place, branch] of branches.entries()) {
    const key = packetKey(branch.outcome.packet)
    const alike = groups.get(key) ?? []
    groups.set(key, alike)
    let group = alike.find(({ending}) => endsAlike(ending, branch.outcome))
    if (group === undefined) alike.push((group = new BranchGroup(branch.outcome)))
    group.add({...branch, place})
  }
  return [...groups.values()]
    .flat()
    .flatMap(({branches: joined}) => joined)
    .sort((a, b) => a.place - b.place)
}

/** Of equals, what is not known comes first: nobody may take a condition for a verdict. */
function openness({disposition}: JsonOutcome): number {
  return disposition === 'undetermined' ? 1 : 0
}

/** Writes what is left of conditions and probability after joining. */
function settle({outcome, conditions, probability}: Branch): JsonOutcome {
  outcome.probability = probability
  if (conditions.length > 0) outcome.conditions = conditions.map(({text}) => text)
  if (outcome.reply != null) {
    outcome.reply.conditions = conditions.filter(({key}) => key.startsWith(ANSWER)).map(({text}) => text)
  }
  return outcome
}

/** What branches of one packet must have in common to be worth a closer look. */
function endsAlike(a: JsonOutcome, b: JsonOutcome): boolean {
  return (
    a.disposition === b.disposition &&
    a.reason === b.reason &&
    a.egress?.interface === b.egress?.interface &&
    a.egress?.nextHop === b.egress?.nextHop &&
    a.steps?.length === b.steps?.length &&
    (a.reply == null || b.reply == null
      ? a.reply === b.reply
      : packetKey(a.reply.packet) === packetKey(b.reply.packet) && endsAlike(a.reply, b.reply))
  )
}

function packetKey({src, sport, dst, dport, mark}: JsonPacket): string {
  return [src, sport, dst, dport, mark].join(' ')
}
