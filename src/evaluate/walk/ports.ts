import type {OpenRanges, Packet} from './packet.js'
import type {Walk} from './walk.js'

/** 0 false, 1 true, 2 unknown: Kleene's third value. */
export type Tri = 0 | 1 | 2

export type Side = 'source' | 'destination'

export function other(side: Side): Side {
  return side === 'source' ? 'destination' : 'source'
}

/** Does every, no, or some still possible value lie in the range. */
export function triRange(open: OpenRanges, min: number, max: number): Tri {
  let inside = false
  let outside = false
  for (const range of open) {
    if (range.max < min || range.min > max) outside = true
    else if (range.min >= min && range.max <= max) inside = true
    else return 2
  }
  return inside && outside ? 2 : inside ? 1 : 0
}

/** What is left of open ranges after a decision. */
export function narrow(open: OpenRanges, min: number, max: number, inside: boolean): OpenRanges {
  const result: {min: number; max: number}[] = []
  const keep = (from: number, to: number): void => {
    if (from <= to) result.push({min: from, max: to})
  }
  for (const range of open) {
    if (inside) keep(Math.max(range.min, min), Math.min(range.max, max))
    else {
      keep(range.min, Math.min(range.max, min - 1))
      keep(Math.max(range.min, max + 1), range.max)
    }
  }
  return result
}

/** Is a port of the packet in a range; unknown where the port is open. */
export function triPort(packet: Packet, side: Side, min: number, max: number): Tri {
  const port = side === 'source' ? packet.sourcePort : packet.destinationPort
  if (port !== null) return port >= min && port <= max ? 1 : 0
  return triRange(side === 'source' ? packet.openSourcePorts : packet.openDestinationPorts, min, max)
}

/** As triPort, but branches where it is unknown, and remembers what is left of the open range. */
export function decidePort(walk: Walk, side: Side, min: number, max: number): boolean {
  const {packet} = walk
  const tri = triPort(packet, side, min, max)
  if (tri !== 2) return tri === 1
  const range = min === max ? String(min) : `${min}–${max}`
  const inside = walk.decide(`${side} port ${range}`, `the ${side} port is ${range}`)
  if (side === 'source') packet.openSourcePorts = narrow(packet.openSourcePorts, min, max, inside)
  else packet.openDestinationPorts = narrow(packet.openDestinationPorts, min, max, inside)
  return inside
}
