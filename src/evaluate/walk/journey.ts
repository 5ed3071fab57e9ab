import {IPV4_ANY, TCP} from '../../net/index.js'
import type {Hook, TableName} from '../../model/index.js'
import type {Connection} from './connection.js'
import {type Known, track} from './conntrack.js'
import {type HookVerdict, runNat, runTable} from './hooks.js'
import type {Packet} from './packet.js'
import {answerReject} from './rejectAnswer.js'
import {routeInput} from './route.js'
import {routeOutput} from './route.js'
import {refuseForward} from './forward.js'
import {Undetermined, type Verdict, type Walk} from './walk.js'

/** What the sender of a walk knows beforehand. */
export interface Start {
  readonly known: Known
  /** Given with the flow; otherwise it follows from the packet. */
  readonly ctState: Packet['ctInfo'] | null
}

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
  const blocked = prerouting(walk, start)
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

/** A TCP connect that lets the kernel pick the source is routed twice: to pick it, and again with it (ip_route_connect). */
function routeSocket(walk: Walk): Verdict | null {
  const {packet} = walk
  const twice = packet.protocol === TCP && packet.source === IPV4_ANY
  const unroutable = routeOutput(walk, 'socket', twice ? 'routing (to pick the source)' : 'routing')
  return unroutable ?? (twice && packet.route !== null ? routeOutput(walk, 'socket', 'routing') : null)
}

/** What was sent over lo comes back in by it: with its connection, its mark and its routing decision; nothing is routed again. */
function overLoopback(walk: Walk, start: Start): Verdict {
  const {packet} = walk
  if (packet.connection !== null) packet.connection.confirmed = true
  packet.inInterface = 'lo'
  packet.outInterface = null
  return prerouting(walk, start) ?? input(walk, 'lo')
}

function prerouting(walk: Walk, start: Start): Verdict | null {
  const again = walk.packet.inInterface === 'lo' && walk.packet.ctInfo !== 'none'
  return (
    run(walk, 'raw', 'PREROUTING') ??
    (again ? null : tracked(walk, start)) ??
    run(walk, 'mangle', 'PREROUTING') ??
    ended(walk, runNat(walk, 'PREROUTING'))
  )
}

function tracked(walk: Walk, start: Start): null {
  track(walk, start.known, start.ctState)
  return null
}

function input(walk: Walk, device: string): Verdict {
  const {packet} = walk
  packet.inInterface = device
  packet.outInterface = null
  const lost =
    run(walk, 'mangle', 'INPUT') ??
    run(walk, 'filter', 'INPUT') ??
    run(walk, 'security', 'INPUT') ??
    ended(walk, runNat(walk, 'INPUT'))
  if (lost !== null) return lost
  confirm(packet.connection)
  if (walk.tracing)
    walk.step('local-delivery', 'local-delivery', null, packet.route?.route ?? null, 'delivered to the node')
  return DELIVERED
}

function forward(walk: Walk): Verdict {
  const refused = refuseForward(walk)
  if (refused !== null) return refused
  walk.packet.ttl--
  return (
    run(walk, 'mangle', 'FORWARD') ??
    run(walk, 'filter', 'FORWARD') ??
    run(walk, 'security', 'FORWARD') ??
    postrouting(walk) ??
    FORWARDED
  )
}

function output(walk: Walk, start: Start): Verdict | null {
  return (
    run(walk, 'raw', 'OUTPUT') ??
    tracked(walk, start) ??
    mangleOutput(walk) ??
    natOutput(walk) ??
    run(walk, 'filter', 'OUTPUT') ??
    run(walk, 'security', 'OUTPUT')
  )
}

/** Routes again when the chain changed what routing reads (ipt_mangle_out). */
function mangleOutput(walk: Walk): Verdict | null {
  const {mark, source, destination, tos, ttl, family} = walk.packet
  const lost = run(walk, 'mangle', 'OUTPUT')
  if (lost !== null) return lost
  const {packet} = walk
  const changed =
    packet.mark !== mark ||
    packet.source !== source ||
    packet.destination !== destination ||
    packet.tos !== tos ||
    (family === 6 && packet.ttl !== ttl)
  return changed ? routeOutput(walk, 'reroute', 'routing (again, after mangle OUTPUT)') : null
}

/** Routes again when the connection's destination is not where the packet is addressed to (nf_nat_ipv4_local_fn). */
function natOutput(walk: Walk): Verdict | null {
  const before = walk.packet.destination
  const lost = ended(walk, runNat(walk, 'OUTPUT'))
  if (lost !== null) return lost
  return walk.packet.destination === before ? null : routeOutput(walk, 'reroute', 'routing (again, after nat OUTPUT)')
}

function postrouting(walk: Walk): Verdict | null {
  const lost = run(walk, 'mangle', 'POSTROUTING') ?? ended(walk, runNat(walk, 'POSTROUTING'))
  if (lost === null) confirm(walk.packet.connection)
  return lost
}

function confirm(connection: Connection | null): void {
  if (connection !== null) connection.confirmed = true
}

function run(walk: Walk, table: TableName, hook: Hook): Verdict | null {
  return ended(walk, runTable(walk, table, hook))
}

function ended(walk: Walk, verdict: HookVerdict): Verdict | null {
  if (verdict === null) return null
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
