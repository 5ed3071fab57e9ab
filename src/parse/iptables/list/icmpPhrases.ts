import type {Family} from '../../../net/index.js'
import type {Match} from '../../../model/index.js'
import {parseIcmpType} from '../../shared/icmpTypes.js'
import {type Phrase, phrase} from './phrase.js'

/** icmptype 3 code 1 | icmp !type 8 | icmp echo-request (without -n) | ipv6-icmptype 1 codes 0-4 */
const TYPE =
  '(?:type (\\d+)(?: codes? (\\d+)(?:-(\\d+))?)?| (!?)(?!!?type)([\\w-]+)| !type (\\d+)(?: codes? (\\d+)(?:-(\\d+))?)?)?'

function read(groups: readonly (string | undefined)[], family: Family): Match | null {
  const [, type, code, lastCode, bang, name, notType, notCode, notLastCode] = groups
  if (name !== undefined) {
    const icmp = parseIcmpType(name, family)
    return icmp === null ? null : {kind: 'icmp', negated: bang === '!', ...icmp}
  }
  const number = type ?? notType
  const first = code ?? notCode
  if (number === undefined)
    return {kind: 'icmp', negated: false, ...(parseIcmpType('any', 4) as NonNullable<ReturnType<typeof parseIcmpType>>)}
  const icmp = parseIcmpType(first === undefined ? number : `${number}/${first}`, family)
  if (icmp === null) return null
  const last = Number(lastCode ?? notLastCode ?? icmp.code.max)
  return last > 255 || last < icmp.code.min
    ? null
    : {kind: 'icmp', negated: notType !== undefined, type: icmp.type, code: {min: icmp.code.min, max: last}}
}

export const ICMP_PHRASES: readonly Phrase[] = [
  phrase('icmptype', new RegExp(`icmp${TYPE}`), groups => read(groups, 4)),
  phrase('icmp', new RegExp(`icmp${TYPE}`), groups => read(groups, 4)),
  phrase('ipv6-icmptype', new RegExp(`ipv6-icmp${TYPE}`), groups => read(groups, 6)),
  phrase('ipv6-icmp', new RegExp(`ipv6-icmp${TYPE}`), groups => read(groups, 6)),
]
