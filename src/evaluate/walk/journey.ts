import {IPV4_ANY, isMulticast, TCP} from '../../net/index.js'
import type {Hook} from '../../model/index.js'
import {addressType} from '../netfilter/addressType.js'
import {type Connection, invert} from './connection.js'
import {type Known, track, tupleOf} from './conntrack.js'
import {ends, type HookPart, type HookVerdict, runDeviceHook, runHook, runNat} from './hooks.js'
import type {Packet} from './packet.js'
import {answerReject} from './rejectAnswer.js'
import type {RouteResult} from './lookup.js'
import {isLimitedBroadcast} from '../network/network.js'
import {routeInput, routeOutput} from './route.js'
import {refuseArrival} from './arrival.js'
import {refuseForward, refuseSocketOwner} from './forward.js'
import {runBase} from './runBase.js'
import {Undetermined, type Verdict, type Walk} from './walk.js'

/** What the sender of a walk knows beforehand. */
export interface Start {
  readonly known: Known
  /** Given with the flow; otherwise it follows from the packet. */
  readonly ctState: Packet['ctInfo'] | null
}

const SYN = 2
const FORWARDED: Verdict = {disposition: 'forwarded', reason: null}
const DELIVERED: Verdict = {disposition: 'delivered', reason: null}

/** Takes the walk's packet through the node, in the kernel's order. */
export function travel(walk: Walk, start: Start): Verdict {
  try {
    return walk.packet.inInterface === null ? fromNode(walk, start) : fromWire(walk, walk.packet.inInterface, start)
  } catch (reason) {
    if (!(reason instanceof Undetermined)) throw reason
    if (walk.tracing) walk.step('missing', 'undetermined', reason.reason, reason.evidence, reason.text)
    return {disposition: 'undetermined', reason: reason.reason}
  }
}

function fromWire(walk: Walk, device: string, start: Start): Verdict {
  // a device's chains see frames before ip_rcv and ip6_rcv look at addresses
  const blocked =
    ended(walk, runDeviceHook(walk, 'INGRESS', device)) ?? refuseArrival(walk, device) ?? prerouting(walk, start)
  if (blocked !== null) return blocked
  const route = routeInput(walk, device)
  switch (route.kind) {
    case 'end':
      return route.verdict
    case 'deliver':
      return input(walk, device)
    case 'forward':
      return forward(walk)
  }
}

function fromNode(walk: Walk, start: Start): Verdict {
  const unroutable = routeSocket(walk)
  if (unroutable !== null) return unroutable
  const blocked = output(walk, start)
  if (blocked !== null) return blocked
  const lost = postrouting(walk)
  if (lost !== null) return lost
  return walk.packet.outInterface === 'lo' ? overLoopback(walk, start) : FORWARDED
}

/**
 * The route of a packet about to be made. A TCP connect that lets the kernel pick the source is routed twice: to pick it, and again with it
 * (ip_route_connect); the second time `from` rules may apply.
 */
function routeSocket(walk: Walk): Verdict | null {
  const {packet} = walk
  const twice = packet.protocol === TCP && packet.source === IPV4_ANY
  const unroutable = routeOutput(walk, 'socket', 'routing')
  if (unroutable !== null) return unroutable
  const first = packet.route
  if (packet.protocol === TCP && packet.tcpFlags === SYN && goesToMany(walk)) {
    if (walk.tracing) {
      walk.step(
        'forwarding',
        'routing',
        'NOT_FORWARDABLE',
        first?.route ?? null,
        'no TCP connection to a broadcast or multicast address',
      )
    }
    return {disposition: 'unroutable', reason: 'NOT_FORWARDABLE'}
  }
  const lost = twice && first !== null ? routeAgain(walk, first) : null
  if (packet.protocol === TCP && packet.tcpFlags === SYN) walk.socket = invert(tupleOf(packet))
  return lost
}

function goesToMany({packet, network}: Walk): boolean {
  if (isMulticast(packet.destination) || isLimitedBroadcast(packet.destination)) return true
  const type = packet.route?.type ?? addressType(network, packet.destination, null)
  return type === 'broadcast' || type === 'BROADCAST'
}

/** Written only where it changes the answer. */
function routeAgain(walk: Walk, first: RouteResult): Verdict | null {
  const {steps} = walk.trail
  const written = steps.length
  const unroutable = routeOutput(walk, 'socket', 'routing (again, with its source)')
  const {route} = walk.packet
  if (route !== null && route.route === first.route && route.hops[0] === first.hops[0]) steps.length = written
  return unroutable
}

/** What was sent over lo comes back in by it: with its connection, its mark and its routing decision; nothing is routed again. */
function overLoopback(walk: Walk, start: Start): Verdict {
  const {packet} = walk
  if (packet.connection !== null) packet.connection.confirmed = true
  if (packet.ctInfo === 'invalid') packet.ctInfo = 'none' // it carries nothing, so that it is looked up again
  packet.inInterface = 'lo'
  packet.outInterface = null
  packet.hookOut = null
  return ended(walk, runDeviceHook(walk, 'INGRESS', 'lo')) ?? prerouting(walk, start) ?? input(walk, 'lo')
}

function prerouting(walk: Walk, start: Start): Verdict | null {
  return (
    run(walk, 'PREROUTING', 'beforeTracking') ??
    tracked(walk, start) ??
    run(walk, 'PREROUTING', 'beforeNat') ??
    ended(walk, runNat(walk, 'PREROUTING')) ??
    run(walk, 'PREROUTING', 'afterNat')
  )
}

/** A packet that comes back over lo, or out of IPVS, is known already. */
function tracked(walk: Walk, start: Start): null {
  const {ctInfo, inInterface, ipvs} = walk.packet
  if (ctInfo === 'none' || (inInterface !== 'lo' && !ipvs)) track(walk, start.known, start.ctState)
  return null
}

function input(walk: Walk, device: string): Verdict {
  const {packet} = walk
  packet.inInterface = device
  packet.outInterface = null
  packet.hookOut = null
  const lost = run(walk, 'INPUT', 'beforeNat') ?? ended(walk, runNat(walk, 'INPUT')) ?? run(walk, 'INPUT', 'afterNat')
  if (lost !== null) return lost
  confirm(packet.connection)
  if (walk.tracing)
    walk.step('local-delivery', 'local-delivery', null, packet.route?.route ?? null, 'delivered to the node')
  return DELIVERED
}

function forward(walk: Walk): Verdict {
  const refused = refuseSocketOwner(walk) ?? refuseForward(walk)
  if (refused !== null) return refused
  const {packet} = walk
  packet.ttl--
  packet.hookOut = packet.outInterface
  return run(walk, 'FORWARD', 'beforeNat') ?? postrouting(walk) ?? FORWARDED
}

function output(walk: Walk, start: Start): Verdict | null {
  walk.packet.hookOut = walk.packet.outInterface
  return (
    rerouting(walk, 'beforeTracking') ??
    tracked(walk, start) ??
    rerouting(walk, 'beforeNat') ??
    natOutput(walk) ??
    rerouting(walk, 'afterNat')
  )
}

/**
 * Chains of type route, and mangle OUTPUT, route again when the chain itself changed what routing reads (nf_route_table_hook4,
 * ipt_mangle_out, ip6t_mangle_out).
 */
function rerouting(walk: Walk, part: HookPart): Verdict | null {
  const lost: Verdict[] = []
  const verdict = runHook(walk, 'OUTPUT', part, (_, base) => {
    if (base.type !== 'route') return runBase(walk, base)
    const {mark, source, destination, tos, ttl} = walk.packet
    const result = runBase(walk, base)
    const {packet} = walk
    const changed =
      packet.mark !== mark ||
      packet.source !== source ||
      packet.destination !== destination ||
      packet.tos !== tos ||
      (packet.family === 6 && packet.ttl !== ttl)
    if (!changed || ends(result)) return result
    const unroutable = routeOutput(walk, 'reroute', `routing (again, after ${base.table} OUTPUT)`)
    if (unroutable === null) return result
    lost.push(unroutable)
    return {kind: 'drop', by: 'rule', evidence: null}
  })
  return lost[0] ?? ended(walk, verdict)
}

/** Routes again when the connection's destination is not where the packet is addressed to (nf_nat_ipv4_local_fn). */
function natOutput(walk: Walk): Verdict | null {
  const before = walk.packet.destination
  const lost = ended(walk, runNat(walk, 'OUTPUT'))
  if (lost !== null) return lost
  return walk.packet.destination === before ? null : routeOutput(walk, 'reroute', 'routing (again, after nat OUTPUT)')
}

function postrouting(walk: Walk): Verdict | null {
  walk.packet.hookOut = walk.packet.outInterface
  const lost =
    run(walk, 'POSTROUTING', 'beforeNat') ??
    ended(walk, runNat(walk, 'POSTROUTING')) ??
    run(walk, 'POSTROUTING', 'afterNat')
  if (lost !== null) return lost
  confirm(walk.packet.connection)
  const verdict = leaveBy(walk, walk.packet.outInterface)
  return verdict === FORWARDED ? null : verdict
}

/** What hooks in at the device by which a frame leaves. */
function leaveBy(walk: Walk, device: string | null): Verdict {
  return (device === null ? null : ended(walk, runDeviceHook(walk, 'EGRESS', device))) ?? FORWARDED
}

function confirm(connection: Connection | null): void {
  if (connection !== null) connection.confirmed = true
}

function run(walk: Walk, hook: Hook, part: HookPart): Verdict | null {
  return ended(walk, runHook(walk, hook, part))
}

function ended(walk: Walk, verdict: HookVerdict): Verdict | null {
  if (verdict === null) return null
  if (verdict.kind === 'sent') return sendOn(walk)
  if (verdict.kind === 'ended') return verdict.verdict
  if (verdict.kind === 'handed') return leaveBy(walk, walk.packet.outInterface)
  if (verdict.kind === 'reject') {
    answerReject(walk, verdict.with, verdict.evidence)
    return {disposition: 'rejected', reason: 'REJECT_RULE'}
  }
  switch (verdict.by) {
    case 'rule':
      return {disposition: 'dropped', reason: 'FILTER_RULE'}
    case 'policy':
      return {disposition: 'dropped', reason: 'CHAIN_POLICY'}
    case 'nat':
      return {disposition: 'dropped', reason: 'NAT_FAILED'}
  }
}

const NOTHING_KNOWN: Start = {known: {connection: null}, ctState: null}

/** What IPVS took out of its hook goes through OUTPUT from its beginning, with no device it came in by, then leaves (ip_vs_nat_send_or_cont). */
function sendOn(walk: Walk): Verdict {
  const device = walk.packet.inInterface
  walk.packet.inInterface = null
  const lost = output(walk, NOTHING_KNOWN)
  walk.packet.inInterface = device
  return lost ?? postrouting(walk) ?? FORWARDED
}
