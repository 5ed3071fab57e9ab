import {formatAddress, hasPorts, protocolName} from '../net/index.js'
import type {JsonEgress, JsonOutcome, JsonPacket} from '../model/index.js'
import type {Network} from './network/network.js'
import type {Packet} from './walk/packet.js'
import {ANSWER, type Condition, type Trail, type Verdict} from './walk/walk.js'

/** An outcome with its conditions still as facts, so that branches which end alike can be told to be one. */
export interface Branch {
  readonly outcome: JsonOutcome
  readonly conditions: readonly Condition[]
  readonly probability: number
}

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
  const hop = packet.route?.hops[0]?.gateway ?? packet.destination
  const neighbour = network.neighbour(device, hop)
  return {
    interface: device,
    nextHop: formatAddress(hop),
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
  const groups: Placed[][] = []
  for (const branch of branches.map((one, place) => ({...one, place}))) {
    const group = groups.find(([first]) => first !== undefined && endsAlike(first.outcome, branch.outcome))
    if (group === undefined) groups.push([branch])
    else join(group, branch)
  }
  return groups
    .flat()
    .sort((a, b) => a.place - b.place)
    .map(settle)
    .sort((a, b) => (b.probability ?? 0) - (a.probability ?? 0) || openness(b) - openness(a))
}

/** Which of the walks it was, from 0; of joined ones the first. */
interface Placed extends Branch {
  readonly place: number
}

/** Of equals, what is not known comes first: nobody may take a condition for a verdict. */
function openness({disposition}: JsonOutcome): number {
  return disposition === 'undetermined' ? 1 : 0
}

/** Writes what is left of conditions and probability after joining. */
function settle({outcome, conditions, probability}: Branch): JsonOutcome {
  outcome.probability = probability
  outcome.conditions = conditions.map(({text}) => text)
  if (outcome.reply != null) {
    outcome.reply.conditions = conditions.filter(({key}) => key.startsWith(ANSWER)).map(({text}) => text)
  }
  return outcome
}

/** What branches must have in common to be worth a closer look. */
function endsAlike(a: JsonOutcome, b: JsonOutcome): boolean {
  return (
    samePacket(a.packet, b.packet) &&
    a.disposition === b.disposition &&
    a.reason === b.reason &&
    a.egress?.interface === b.egress?.interface &&
    a.egress?.nextHop === b.egress?.nextHop &&
    a.steps?.length === b.steps?.length &&
    (a.reply == null || b.reply == null ? a.reply === b.reply : endsAlike(a.reply, b.reply))
  )
}

function samePacket(a: JsonPacket, b: JsonPacket): boolean {
  return a.dst === b.dst && a.dport === b.dport && a.src === b.src && a.sport === b.sport && a.mark === b.mark
}

function sameSteps(a: JsonOutcome, b: JsonOutcome): boolean {
  const others = b.steps ?? []
  const same = (a.steps ?? []).every((step, i) => {
    const other = others[i]
    return (
      other !== undefined &&
      step.source === other.source &&
      step.text === other.text &&
      step.effect === other.effect &&
      step.stage === other.stage &&
      step.target === other.target
    )
  })
  return same && (a.reply == null || b.reply == null || sameSteps(a.reply, b.reply))
}

function join(group: Placed[], branch: Placed): void {
  for (const [i, other] of group.entries()) {
    const joined = joinTwo(other, branch)
    if (joined === null) continue
    group.splice(i, 1)
    join(group, joined)
    return
  }
  group.push(branch)
}

function joinTwo(a: Placed, b: Placed): Placed | null {
  if (a.conditions.length !== b.conditions.length) return null
  const pairs = differences(a.conditions, b.conditions)
  if (pairs === null || !sameSteps(a.outcome, b.outcome)) return null
  const [pair] = pairs
  const place = Math.min(a.place, b.place)
  if (pair === undefined) return {...a, place, probability: a.probability + b.probability}
  if (Math.abs(a.probability - b.probability) > 1e-12) return null
  const [mine, other] = pair
  return {...a, place, conditions: a.conditions.flatMap(own => (own === mine ? either(own, other) : [own]))}
}

/**
 * The one condition in which two branches differ, if any; null: there are more, or one is of a fact that the other does not know. Thousands of branches are compared each
 * with each, so this gives up early; most hold their conditions in one order.
 */
function differences(
  mine: readonly Condition[],
  others: readonly Condition[],
): (readonly [Condition, Condition])[] | null {
  const found: [Condition, Condition][] = []
  for (const [i, other] of others.entries()) {
    const own = mine[i]?.key === other.key ? mine[i] : mine.find(({key}) => key === other.key)
    if (isSame(other, own)) continue
    if (own === undefined || found.length === 1) return null
    found.push([own, other])
  }
  return found
}

function isSame(a: Condition, b: Condition | undefined): boolean {
  return a.holds === b?.holds && a.choice?.taken.join() === b.choice?.taken.join()
}

/** What is left of two conditions that differ: nothing, or some of several alternatives. */
function either(a: Condition, b: Condition): Condition[] {
  if (a.choice === undefined || b.choice === undefined) return []
  const taken = [...a.choice.taken, ...b.choice.taken].sort((x, y) => x - y)
  if (taken.length >= a.choice.of) return []
  return [{...a, text: `${a.text}, or ${b.text}`, choice: {taken, of: a.choice.of}}]
}
