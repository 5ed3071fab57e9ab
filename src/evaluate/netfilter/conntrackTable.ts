import type {ConntrackEntry, ConntrackTuple} from '../../model/index.js'
import type {Packet} from '../walk/packet.js'

/** The capture's connections, by tuple. */
export class ConntrackTable {
  readonly #byTuple = new Map<string, ConntrackEntry>()

  constructor(entries: readonly ConntrackEntry[] | null) {
    for (const entry of entries ?? []) {
      // packets are explained in zone 0
      if (entry.zone !== 0) continue
      for (const tuple of [entry.original, entry.reply]) {
        const key = keyOf(entry.protocol, tuple.source, tuple.destination, portsOf(tuple))
        if (!this.#byTuple.has(key)) this.#byTuple.set(key, entry)
      }
    }
  }

  /** The entry that the packet belongs to. A flow with an open port belongs to none for certain. */
  find(packet: Packet): ConntrackEntry | null {
    if (this.#byTuple.size === 0) return null
    const ports =
      packet.sourcePort === null || packet.destinationPort === null
        ? ''
        : `${packet.sourcePort} ${packet.destinationPort}`
    return this.#byTuple.get(keyOf(packet.protocol, packet.source, packet.destination, ports)) ?? null
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
