import type {TraceEvent} from './agentProcess.js'
import {OBSERVER, type Sighting} from './observerTable.js'
import {readTuple, type Tuple, tupleKey} from './tuple.js'

/** The packet as it was at one place. */
export interface Snapshot {
  readonly tuple: Tuple
  readonly mark: number
  /** Kernel indexes, 0 where there is none. */
  readonly iif: number
  readonly oif: number
}

/** What one packet met, in order. */
export interface SeenPacket {
  readonly snapshots: Map<Sighting, Snapshot>
  /** Events of the node's own tables. */
  readonly events: TraceEvent[]
}

/** Sorts trace events by packet. A packet that leaves by lo and comes back is one packet. */
export function seenPackets(events: readonly TraceEvent[]): SeenPacket[] {
  const current = new Map<number, SeenPacket>()
  const packets: SeenPacket[] = []
  for (const event of events) {
    let packet = current.get(event.id)
    // the kernel uses a trace id again when the memory of a packet is used again
    if (packet === undefined || beginsAnother(event, packet)) {
      packet = {snapshots: new Map(), events: []}
      current.set(event.id, packet)
      packets.push(packet)
    }
    if (event.table !== OBSERVER) packet.events.push(event)
    else see(packet, event)
  }
  return joinLoopback(packets)
}

function beginsAnother({table, chain, network}: TraceEvent, {snapshots}: SeenPacket): boolean {
  if (table !== OBSERVER || network === undefined) return false
  if (chain === 'ingress_begin') return true
  return (chain === 'prerouting_begin' || chain === 'output_begin') && snapshots.has(chain)
}

function see(packet: SeenPacket, event: TraceEvent): void {
  const at = event.chain as Sighting
  const known = packet.snapshots.get(at)
  if (known !== undefined) {
    // the last event of the chain has the mark that the chain itself set
    packet.snapshots.set(at, {...known, mark: event.mark ?? 0})
    return
  }
  if (event.network === undefined) return
  const transport = event.transport === undefined ? Buffer.alloc(0) : Buffer.from(event.transport, 'hex')
  const tuple = readTuple(Buffer.from(event.network, 'hex'), transport)
  if (tuple !== null) packet.snapshots.set(at, {tuple, mark: event.mark ?? 0, iif: event.iif ?? 0, oif: event.oif ?? 0})
}

const LOOPBACK_INDEX = 1

function joinLoopback(packets: readonly SeenPacket[]): SeenPacket[] {
  const joined: SeenPacket[] = []
  for (const packet of packets) {
    const arrival = packet.snapshots.get('ingress_begin') ?? packet.snapshots.get('prerouting_begin')
    const sender =
      arrival?.iif === LOOPBACK_INDEX
        ? joined.find(earlier => {
            const departure = earlier.snapshots.get('postrouting_end')
            return (
              departure?.oif === LOOPBACK_INDEX &&
              !earlier.snapshots.has('prerouting_begin') &&
              tupleKey(departure.tuple) === tupleKey(arrival.tuple)
            )
          })
        : undefined
    if (sender === undefined) joined.push(packet)
    else {
      for (const [at, snapshot] of packet.snapshots) sender.snapshots.set(at, snapshot)
      sender.events.push(...packet.events)
    }
  }
  return joined
}

/** Where a packet was first seen: as it came, or as it was made. */
export function firstSnapshot(packet: SeenPacket): Snapshot | null {
  for (const snapshot of packet.snapshots.values()) return snapshot
  return null
}

export function lastSighting(packet: SeenPacket): Sighting | null {
  return [...packet.snapshots.keys()].at(-1) ?? null
}
