import type {RuleReader} from '../ruleReader.js'
import {parseMasked, parseUint32} from '../../../net/index.js'
import type {Target} from '../../../model/index.js'
import {dscpOfClass} from '../values/dscp.js'
import {parseTos} from '../values/tos.js'
import {type MarkOperation, normaliseSet} from '../values/masked.js'
import {oneOption} from './loadedTarget.js'

/** Targets that change a field of the IP header: DSCP, TOS, TTL, HL. */

export const dscp = oneOption({
  '--set-dscp': reader => {
    const value = parseUint32(reader.value() ?? '')
    return value === null || value > 63 ? null : {kind: 'dscp-set', value}
  },
  '--set-dscp-class': reader => {
    const value = dscpOfClass(reader.value() ?? '')
    return value === null ? null : {kind: 'dscp-set', value}
  },
})

function tosBits(operation: MarkOperation) {
  return (reader: RuleReader): Target | null => {
    const set = normaliseSet(operation, reader.value() ?? '', 0xff)
    return set === null ? null : {kind: 'tos-set', set}
  }
}

export const tos = oneOption({
  '--set-tos': reader => {
    const text = reader.value() ?? ''
    const set = parseMasked(text) === null ? parseTos(text) : normaliseSet('xset', text, 0xff)
    return set === null ? null : {kind: 'tos-set', set}
  },
  '--and-tos': tosBits('and'),
  '--or-tos': tosBits('or'),
  '--xor-tos': tosBits('xor'),
})

function hops(operation: 'set' | 'inc' | 'dec') {
  return (reader: RuleReader): Target | null => {
    const value = parseUint32(reader.value() ?? '')
    return value === null || value > 255 ? null : {kind: 'ttl-set', operation, value}
  }
}

export const ttl = oneOption({'--ttl-set': hops('set'), '--ttl-inc': hops('inc'), '--ttl-dec': hops('dec')})
export const hl = oneOption({'--hl-set': hops('set'), '--hl-inc': hops('inc'), '--hl-dec': hops('dec')})
