import type {Disposition} from '../../../src/model/index.js'
import {ICMP, ICMPV6, TCP} from '../../../src/net/index.js'
import type {Attached, Collected} from './agentProcess.js'
import {macText} from './farMac.js'
import type {Answer, MeasuredOutcome} from './outcome.js'
import type {Hits} from './ruleHits.js'
import {isReject} from './ruleTexts.js'
import {firstSnapshot, lastSighting, type SeenPacket} from './seenPackets.js'
import {readTuple, type Tuple, tupleKey} from './tuple.js'

/** kfree_skb reasons of source and destination validation (include/net/dropreason-core.h). */
const MARTIAN = new Set([
  'IP_RPFILTER',
  'IP_LOCAL_SOURCE',
  'IP_INVALID_SOURCE',
  'IP_LOCALNET',
  'IP_INVALID_DEST',
  'UNICAST_IN_L2_MULTICAST',
])

const LOOPBACK_INDEX = 1
const ETHERNET_HEADER = 14

/**
 * The fate of one packet.
 * @param generated the node's own packets that were seen with it
 */
export function classify(
  packet: SeenPacket | null,
  generated: readonly SeenPacket[],
  collected: Collected,
  hits: Hits,
  {interfaces, dropReasons: reasonsTraced}: Attached,
): MeasuredOutcome {
  const errno = collected.errno ?? null
  const common = {
    rules: hits.rules,
    chains: hits.chains,
    errno,
    drops: collected.drops,
    route: null,
    reply: null,
    egress: null,
    mac: null,
  }
  if (packet === null) {
    // from the wire: refused by ip_rcv, ip6_rcv or earlier
    const dispositions: Disposition[] = errno === null ? ['dropped', 'unroutable'] : ['unroutable']
    return {
      ...common,
      dispositions,
      packet: null,
      mark: 0,
      answer: null,
      lastSeen: null,
    }
  }
  const last = lastSighting(packet)
  const lastSnapshot = last === null ? null : (packet.snapshots.get(last) ?? null)
  const seen = {
    ...common,
    packet: lastSnapshot?.tuple ?? null,
    mark: lastSnapshot?.mark ?? 0,
    lastSeen: last,
    answer: answerTo(packet, generated),
  }
  if (hits.end !== null) {
    const rejected = hits.end.by === 'rule' && isReject(hits.end.text)
    return {...seen, dispositions: [rejected ? 'rejected' : 'dropped']}
  }
  if (last === 'ingress_begin' && lastSnapshot !== null)
    return {...seen, ...handedOn(packet, lastSnapshot.tuple, collected.frames)}
  if (last === 'input_end') return {...seen, dispositions: ['delivered']}
  if (last === 'postrouting_end' && lastSnapshot !== null && lastSnapshot.oif !== LOOPBACK_INDEX) {
    // copies (dup) leave before it
    const frame = collected.frames.findLast(
      one => one[0] === interfaces[lastSnapshot.oif] && isFrameOf(one, lastSnapshot.tuple),
    )
    const mac = frame === undefined ? null : macOf(frame)
    return {...seen, dispositions: ['forwarded'], egress: interfaces[lastSnapshot.oif] ?? null, mac}
  }
  if (last === 'prerouting_end') {
    const martian = collected.drops.some(reason => MARTIAN.has(reason))
    if (martian) return {...seen, dispositions: ['dropped']}
    // IPv4 gives a reason for every martian; IPv6 says "beyond scope of source" (1/2), or nothing, of what it will not forward
    const told =
      seen.answer !== null && !(seen.packet?.family === 6 && seen.answer.type === 1 && seen.answer.code === 2)
    const sure = told || (seen.packet?.family === 4 && reasonsTraced)
    return {...seen, dispositions: sure ? ['unroutable'] : ['dropped', 'unroutable']}
  }
  // a reroute in OUTPUT that found no route
  if (last?.startsWith('output') === true) return {...seen, dispositions: ['unroutable']}
  return {...seen, dispositions: ['dropped']}
}

type Frame = Collected['frames'][number]

/** The destination MAC of a frame. */
function macOf([, hex]: Frame): string {
  return macText(Buffer.from(hex.slice(0, 12), 'hex'))
}

function isFrameOf([, hex]: Frame, wanted: Tuple): boolean {
  const tuple = readTuple(Buffer.from(hex.slice(ETHERNET_HEADER * 2), 'hex'))
  return tuple !== null && tupleKey(tuple) === tupleKey(wanted)
}

/** Of a packet that no hook of IP saw: a chain of its device sent it out by another, or ip_rcv or ip6_rcv refused it. */
function handedOn(
  {events}: SeenPacket,
  tuple: Tuple,
  frames: readonly Frame[],
): Pick<MeasuredOutcome, 'dispositions' | 'mark' | 'egress' | 'mac'> {
  const frame = frames.findLast(one => isFrameOf(one, tuple))
  return frame === undefined
    ? {dispositions: ['dropped', 'unroutable'], mark: 0, egress: null, mac: null}
    : {dispositions: ['forwarded'], mark: events.at(-1)?.mark ?? 0, egress: frame[0], mac: macOf(frame)}
}

/** ICMP errors: destination unreachable, source quench …, but no query and no neighbour discovery. */
function isIcmpError(protocol: number, type: number | null): boolean {
  if (type === null) return false
  return protocol === ICMP ? type === 3 || type === 11 || type === 12 : protocol === ICMPV6 && type >= 1 && type <= 4
}

function answerTo(packet: SeenPacket, generated: readonly SeenPacket[]): Answer | null {
  for (const other of generated) {
    if (other === packet || !other.snapshots.has('output_begin')) continue
    const tuple = firstSnapshot(other)?.tuple
    // of the same addresses: a copy (dup)
    if (tuple === undefined || tupleKey(tuple) === tupleKey(firstSnapshot(packet)?.tuple ?? tuple)) continue
    const {source, destination, icmpType: type, icmpCode: code} = tuple
    if (isIcmpError(tuple.protocol, type)) return {kind: 'icmp', source, destination, type, code}
    if (tuple.protocol === TCP && (tuple.tcpFlags & 4) !== 0)
      return {kind: 'tcp-reset', source, destination, type: null, code: null}
  }
  return null
}
