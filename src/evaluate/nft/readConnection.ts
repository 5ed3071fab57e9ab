import type {Address} from '../../net/index.js'
import type {NftExpression} from '../../model/index.js'
import {type Connection, isTemplate} from '../walk/connection.js'
import type {Packet} from '../walk/packet.js'
import {zoneId} from '../walk/zone.js'
import type {Reading} from './reading.js'

type Ct = Extract<NftExpression, {kind: 'ct'}>

const STATES = {none: 1, invalid: 1, established: 2, related: 4, new: 8, untracked: 64} as const

/** nft_ct_get_eval: without a connection there is a state, and nothing else can be read. */
export function readConnection(packet: Packet, {key, direction, text}: Ct): Reading {
  const {connection} = packet
  if (key === 'state') return STATES[connection === null && packet.ctInfo !== 'untracked' ? 'invalid' : packet.ctInfo]
  if (connection === null || isTemplate(connection)) return null
  switch (key) {
    case 'mark':
      return connection.mark
    case 'status':
      return statusOf(connection)
    case 'direction':
      return packet.direction === 'original' ? 0 : 1
    case 'l3proto':
      return packet.family === 4 ? 2 : 10
    case 'protocol':
      return connection.protocol
    case 'zone':
      return direction === null ? connection.zone.id : zoneId(connection.zone, direction)
    case 'saddr':
    case 'ip saddr':
    case 'ip6 saddr':
      return ofFamily(packet, key, tupleOf(connection, direction).source)
    case 'daddr':
    case 'ip daddr':
    case 'ip6 daddr':
      return ofFamily(packet, key, tupleOf(connection, direction).destination)
    case 'proto-src':
      return tupleOf(connection, direction).sourcePort ?? fact(text)
    case 'proto-dst':
      return tupleOf(connection, direction).destinationPort ?? fact(text)
    default:
      return fact(text)
  }
}

function fact(text: string): Reading {
  return {kind: 'fact', text, scope: ''}
}

function tupleOf(connection: Connection, direction: Ct['direction']): Connection['reply'] {
  return direction === 'reply' ? connection.reply : connection.original
}

function ofFamily(packet: Packet, key: string, address: Address): Reading {
  if (key.startsWith('ip ') && packet.family !== 4) return null
  return key.startsWith('ip6 ') && packet.family !== 6 ? null : address
}

/** enum ip_conntrack_status */
function statusOf(connection: Connection): number {
  return (
    (connection.expected ? 1 : 0) |
    (connection.seenReply ? 2 : 0) |
    (connection.assured ? 4 : 0) |
    (connection.confirmed ? 8 : 0) |
    (connection.sourceNat ? 16 : 0) |
    (connection.destinationNat ? 32 : 0) |
    (connection.sourceDone ? 128 : 0) |
    (connection.destinationDone ? 256 : 0)
  )
}
