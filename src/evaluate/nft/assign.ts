import {type Address, formatAddress, formatMark} from '../../net/index.js'
import type {NftExpression, NftStatement, NftValue} from '../../model/index.js'
import {CONNTRACK} from '../netfilter/hookParts.js'
import {isTemplate} from '../walk/connection.js'
import {Undetermined, type Walk} from '../walk/walk.js'
import {putInZone, zoneText} from '../walk/zone.js'
import {maskedMark} from './lossy.js'
import type {RulePlace} from './place.js'
import {read, settle} from './read.js'
import {readPayload} from './readPayload.js'

type Assign = Extract<NftStatement, {kind: 'assign'}>

/** What an assignment did, for the step: its target in iptables' words, and the effect. */
export interface Assigned {
  readonly target: string
  readonly effect: string
}

/** `… set VALUE`. @returns null where the rule ends: what is read, or written, the packet does not have */
export function assign(walk: Walk, place: RulePlace, statement: Assign): Assigned | null {
  const {target, text} = statement
  const listed = settle(walk, read(walk, place, statement.value), statement.value.text, place)
  if (listed === null) return null
  const value = place.base.lossy === true ? unmask(walk, place, statement, listed) : listed
  if (target.kind === 'meta' && target.key === 'mark' && typeof value === 'number') return setMark(walk, value)
  if (target.kind === 'ct' && typeof value === 'number') {
    if (target.key === 'mark') return setConnectionMark(walk, value)
    if (target.key === 'zone') return setZone(walk, place, target.direction, value)
  }
  if (target.kind === 'payload') {
    if (readPayload(walk.packet, target) === null) return null
    const effect = setField(walk, target, value)
    if (effect !== null) return effect
  }
  throw new Undetermined('UNMODELLED_TARGET', `what \`${text}\` does is not modelled`, place.rule)
}

function unmask(walk: Walk, place: RulePlace, statement: Assign, value: NftValue): NftValue {
  const {packet} = walk
  const before = statement.target.kind === 'meta' ? packet.mark : (packet.connection?.mark ?? 0)
  return typeof value === 'number' ? maskedMark(walk, place, statement, value, before) : value
}

function setMark({packet}: Walk, value: number): Assigned {
  const before = packet.mark
  packet.mark = value
  const effect =
    before === value ? `mark stays ${formatMark(before)}` : `mark ${formatMark(before)} → ${formatMark(value)}`
  return {target: 'MARK', effect}
}

/** nft_ct_set_eval: without a connection nothing happens, and the rule goes on. */
function setConnectionMark({packet}: Walk, value: number): Assigned {
  if (packet.connection === null || isTemplate(packet.connection))
    return {target: 'CONNMARK', effect: 'does nothing: the packet belongs to no tracked connection'}
  packet.connection.mark = value
  return {target: 'CONNMARK', effect: `connection mark is now ${formatMark(value)}`}
}

/** nft_ct_set_zone_eval: nothing happens to a packet that has a connection, or a zone; one that is not tracked is tracked again. */
function setZone(
  {packet}: Walk,
  {base, rule}: RulePlace,
  direction: 'original' | 'reply' | null,
  id: number,
): Assigned {
  if (packet.connection !== null)
    return {target: 'CT', effect: 'does nothing: the packet has a connection already, or a zone'}
  if (packet.ctInfo !== 'none' && base.priority >= CONNTRACK)
    throw new Undetermined(
      'UNMODELLED_TARGET',
      `what \`${rule.text}\` does behind connection tracking is not modelled`,
      rule,
    )
  const zone = {id: id & 0xffff, direction: direction ?? 'both'} as const
  putInZone(packet, zone)
  return {target: 'CT', effect: `connection tracking looks it up in ${zoneText(zone)}`}
}

/** Rewrites the packet itself, behind the back of conntrack. */
function setField(walk: Walk, {field}: Extract<NftExpression, {kind: 'payload'}>, value: NftValue): Assigned | null {
  const {packet} = walk
  if (field === 'saddr' || field === 'daddr') {
    const side = field === 'saddr' ? 'source' : 'destination'
    if (typeof value !== typeof packet[side]) return null
    packet[side] = value as Address
    return {target: 'SET', effect: `${side} is now ${formatAddress(packet[side])}`}
  }
  if (typeof value !== 'number') return null
  switch (field) {
    case 'sport':
      packet.sourcePort = value
      return {target: 'SET', effect: `source port is now ${value}`}
    case 'dport':
      packet.destinationPort = value
      return {target: 'SET', effect: `destination port is now ${value}`}
    case 'dscp':
      packet.tos = (value << 2) | (packet.tos & 3)
      return {target: 'DSCP', effect: `DSCP is now ${value}`}
    case 'ecn':
      packet.tos = (packet.tos & ~3) | value
      return {target: 'TOS', effect: `ECN is now ${value}`}
    case 'ttl':
    case 'hoplimit':
      packet.ttl = value
      return {target: 'TTL', effect: `TTL is now ${value}`}
    default:
      return null
  }
}
