import {type Address, hasPorts, type PortRange} from '../../net/index.js'
import type {NatFlags} from '../../model/index.js'
import type {Connection} from '../walk/connection.js'
import {tupleOf} from '../walk/conntrack.js'
import type {Packet} from '../walk/packet.js'
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

/** nf_nat_setup_info for the destination: fixes the binding and rewrites the packet. */
export function bindDestination(walk: Walk, connection: Connection, wanted: Wanted): void {
  const {packet} = walk
  const tuple = tupleOf(packet)
  const address =
    wanted.first === null
      ? packet.destination
      : addressOfRange(tuple, 'destination', wanted.first, wanted.last ?? wanted.first, wanted.flags.persistent)
  const port =
    hasPorts(packet.protocol) && wanted.ports !== null
      ? drawPort(walk, packet.destinationPort, wanted, wanted.ports)
      : packet.destinationPort
  connection.destinationDone = true
  if (address !== packet.destination || port !== packet.destinationPort) connection.destinationNat = true
  connection.reply.source = address
  connection.reply.sourcePort = port
  packet.destination = address
  packet.destinationPort = port
  if (port === null && wanted.ports !== null) packet.openDestinationPorts = [wanted.ports]
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
  const random = wanted.flags.random || wanted.flags.fullyRandom
  const keeps = !random && inRange(packet, wanted)
  const address =
    wanted.first === null || keeps
      ? packet.source
      : addressOfRange(tupleOf(packet), 'source', wanted.first, wanted.last ?? wanted.first, wanted.flags.persistent)
  const before = packet.sourcePort
  const redrawn = keeps ? null : redrawnPorts(packet, wanted, random)
  connection.sourceDone = true
  if (address !== packet.source) connection.sourceNat = true
  packet.source = address
  if (redrawn !== null) {
    const [{min, max}] = redrawn
    const only = min === max ? min : null
    packet.sourcePort = only
    packet.openSourcePorts = redrawn
    if (only !== before || only === null) connection.sourceNat = true
  }
  connection.reply.destination = address
  connection.reply.destinationPort = packet.sourcePort
}

/** The first question of get_unique_tuple: does the source already fit what the rule asks for. */
function inRange({source, sourcePort, protocol}: Packet, {first, last, ports}: Wanted): boolean {
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
  {protocol, sourcePort}: Packet,
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
