import {type Address, hasPorts, type PortRange} from '../../net/index.js'
import type {NatFlags} from '../../model/index.js'
import {type Connection, invert, type Tuple} from '../walk/connection.js'
import type {Walk} from '../walk/walk.js'
import {addressOfRange} from './addressOfRange.js'

/** What a NAT rule asks for: struct nf_nat_range2. Addresses null: kept. Ports null: kept where free. */
export interface Wanted {
  readonly first: Address | null
  readonly last: Address | null
  readonly ports: PortRange | null
  readonly basePort: number | null
  readonly flags: NatFlags
}

/** A random DNAT port forks over at most so many ports; a wider range leaves the port open. */
const MAX_DRAWN_PORTS = 64

/**
 * nf_nat_setup_info for the destination: fixes the binding and rewrites the packet. What counts is what the connection says, which is not what the
 * packet says where a rule rewrote a field of it; a binding that changes nothing leaves the packet as it is.
 */
export function bindDestination(walk: Walk, connection: Connection, wanted: Wanted): void {
  const {packet} = walk
  const current = invert(connection.reply)
  const address =
    wanted.first === null
      ? current.destination
      : addressOfRange(current, 'destination', wanted.first, wanted.last ?? wanted.first, seedOf(connection, wanted))
  const port =
    hasPorts(packet.protocol) && wanted.ports !== null
      ? drawPort(walk, current.destinationPort, wanted, wanted.ports)
      : current.destinationPort
  connection.destinationDone = true
  connection.reply.source = address
  connection.reply.sourcePort = port
  const changed = address !== current.destination || port !== current.destinationPort
  const redrawn = port === null && wanted.ports !== null
  if (!changed && !redrawn) return
  if (changed) connection.destinationNat = true
  packet.destination = address
  packet.destinationPort = port
  if (redrawn) packet.openDestinationPorts = [wanted.ports]
}

function seedOf({zone}: Connection, {flags}: Wanted): number | null {
  return flags.persistent ? null : zone.id
}

/** nf_nat_l4proto_unique_tuple: destination ports start at the first of the range; only --random makes them random. */
function drawPort(walk: Walk, current: number | null, wanted: Wanted, ports: PortRange): number | null {
  const random = wanted.flags.random || wanted.flags.fullyRandom
  const count = ports.max - ports.min + 1
  // the difference is an unsigned 16-bit number
  if (wanted.basePort !== null && current !== null) return ports.min + (((current - wanted.basePort) & 0xffff) % count)
  if (!random && current !== null && current >= ports.min && current <= ports.max) return current
  if (count === 1) return ports.min
  if (!random) return current === null ? null : ports.min
  return count > MAX_DRAWN_PORTS ? null : ports.min + walk.draw(new Array<number>(count).fill(1))
}

/** nf_nat_setup_info for the source. */
export function bindSource(walk: Walk, connection: Connection, wanted: Wanted): void {
  const {packet} = walk
  const {protocol} = packet
  const current = invert(connection.reply)
  const random = wanted.flags.random || wanted.flags.fullyRandom
  const keeps = !random && inRange(protocol, current, wanted)
  const address =
    wanted.first === null || keeps
      ? current.source
      : addressOfRange(current, 'source', wanted.first, wanted.last ?? wanted.first, seedOf(connection, wanted))
  const redrawn = keeps ? null : redrawnPorts(protocol, current.sourcePort, wanted, random)
  const port = redrawn === null ? current.sourcePort : portOf(redrawn)
  connection.sourceDone = true
  connection.reply.destination = address
  connection.reply.destinationPort = port
  if (address === current.source && port === current.sourcePort && (redrawn === null || port !== null)) return
  connection.sourceNat = true
  packet.source = address
  packet.sourcePort = port
  if (redrawn !== null) packet.openSourcePorts = redrawn
}

/** The port, where there is but one. */
function portOf([{min, max}]: readonly [PortRange, ...PortRange[]]): number | null {
  return min === max ? min : null
}

/** The first question of get_unique_tuple: does the source already fit what the rule asks for. */
function inRange(protocol: number, {source, sourcePort}: Tuple, {first, last, ports}: Wanted): boolean {
  if (first !== null && (typeof source !== typeof first || source < first || source > (last ?? first))) return false
  return (
    ports === null || !hasPorts(protocol) || (sourcePort !== null && sourcePort >= ports.min && sourcePort <= ports.max)
  )
}

/** A port is replaced by one of its class (nf_nat_l4proto_unique_tuple). */
const LOW: PortRange = {min: 1, max: 511}
const RESERVED: PortRange = {min: 600, max: 1023}
const HIGH: PortRange = {min: 1024, max: 65535}

/** The ports one of which the source gets; null: it keeps its own, which is free as far as the capture tells. */
function redrawnPorts(
  protocol: number,
  sourcePort: number | null,
  {ports}: Wanted,
  random: boolean,
): readonly [PortRange, ...PortRange[]] | null {
  if (!hasPorts(protocol)) return null
  if (ports !== null) {
    if (!random && sourcePort !== null && sourcePort >= ports.min && sourcePort <= ports.max) return null
    return [ports]
  }
  if (!random) return null
  if (sourcePort === null) return [LOW, {min: RESERVED.min, max: HIGH.max}]
  return [sourcePort < 512 ? LOW : sourcePort < 1024 ? RESERVED : HIGH]
}
