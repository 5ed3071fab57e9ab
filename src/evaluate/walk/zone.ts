import type {ConntrackZone, ZoneOfTarget} from '../../model/index.js'
import {IPV4_ANY, IPV6_ANY} from '../../net/index.js'
import {type ConntrackTemplate, type Direction, isTemplate} from './connection.js'
import type {Packet} from './packet.js'

/** NF_CT_DEFAULT_ZONE_ID, both ways (nf_ct_zone_dflt): where a packet is looked up that no rule put elsewhere. */
export const DEFAULT_ZONE: ConntrackZone = {id: 0, direction: 'both'}

/** The zone in which a tuple of this direction is kept, or looked up (nf_ct_zone_id): a zone of the other direction alone leaves it in zone 0. */
export function zoneId({id, direction}: ConntrackZone, of: Direction): number {
  return direction === 'both' || direction === of ? id : DEFAULT_ZONE.id
}

/** Is a connection's tuple of this direction seen by a packet that is looked up in the other zone (nf_ct_zone_equal)? */
export function meets(connection: ConntrackZone, packet: ConntrackZone, of: Direction): boolean {
  return zoneId(connection, of) === zoneId(packet, of)
}

/** In words: `zone 5`, `zone 5 (original direction)`, `the zone of its mark`. */
export function zoneText({id, direction}: ZoneOfTarget): string {
  const name = id === 'mark' ? 'the zone of its mark' : `zone ${id}`
  return direction === 'both' ? name : `${name} (${direction} direction)`
}

/** xt_ct_target, nft_ct_set_zone_eval: hangs the zone on a packet that has no connection yet. The first such rule counts. */
export function putInZone(packet: Packet, wants: ZoneOfTarget): void {
  const any = packet.family === 4 ? IPV4_ANY : IPV6_ANY
  const nowhere = {source: any, destination: any, sourcePort: 0, destinationPort: 0}
  const template: ConntrackTemplate = {
    wants,
    protocol: 0,
    zone: {...wants, id: wants.id === 'mark' ? DEFAULT_ZONE.id : wants.id},
    original: nowhere,
    reply: nowhere,
    mark: 0,
    sourceNat: false,
    destinationNat: false,
    sourceDone: false,
    destinationDone: false,
    confirmed: true,
    seenReply: false,
    assured: false,
    expected: false,
    entry: null,
  }
  packet.connection = template
  packet.ctInfo = 'new'
}

/** nf_ct_zone_tmpl: the zone to look the packet up in, taken off it. A zone by mark is that of the mark it has now. */
export function takeZone(packet: Packet): ConntrackZone {
  const {connection, mark} = packet
  if (!isTemplate(connection)) return DEFAULT_ZONE
  packet.connection = null
  const {id, direction} = connection.wants
  return {direction, id: id === 'mark' ? mark & 0xffff : id}
}
