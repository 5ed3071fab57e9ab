import type {ConntrackEntry, ConntrackTuple, ConntrackZone} from '../../model/index.js'
import type {Packet} from '../walk/packet.js'
import {zoneId} from '../walk/zone.js'

const DIRECTIONS = ['original', 'reply'] as const

/** The capture's connections, by tuple, its direction, and the zone it is kept in. */
export class ConntrackTable {
  readonly #byTuple = new Map<string, ConntrackEntry>()

  constructor(entries: readonly ConntrackEntry[] | null) {
    for (const entry of entries ?? []) {
      for (const direction of DIRECTIONS) {
        const tuple = entry[direction]
        const key = `${direction} ${zoneId(entry.zone, direction)} ${keyOf(entry.protocol, tuple.source, tuple.destination, portsOf(tuple))}`
        if (!this.#byTuple.has(key)) this.#byTuple.set(key, entry)
      }
    }
  }

  /** The entry that the packet belongs to when looked up in a zone. A flow with an open port belongs to none for certain. */
  find(packet: Packet, zone: ConntrackZone): ConntrackEntry | null {
    if (this.#byTuple.size === 0) return null
    const ports =
      packet.sourcePort === null || packet.destinationPort === null
        ? ''
        : `${packet.sourcePort} ${packet.destinationPort}`
    const tuple = keyOf(packet.protocol, packet.source, packet.destination, ports)
    for (const direction of DIRECTIONS) {
      const entry = this.#byTuple.get(`${direction} ${zoneId(zone, direction)} ${tuple}`)
      if (entry !== undefined) return entry
    }
    return null
  }
}

function portsOf(tuple: ConntrackTuple): string {
  if (tuple.icmp !== null) return `icmp ${tuple.icmp.type} ${tuple.icmp.id}`
  return tuple.sourcePort === null || tuple.destinationPort === null
    ? ''
    : `${tuple.sourcePort} ${tuple.destinationPort}`
}

function keyOf(protocol: number, source: unknown, destination: unknown, ports: string): string {
  return `${protocol} ${String(source)} ${String(destination)} ${ports}`
}
