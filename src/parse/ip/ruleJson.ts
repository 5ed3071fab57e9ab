import {asNumber, asString, type JsonObject} from './jsonRecords.js'

/** Keys that ruleWordsOf reads itself; any other goes through as a selector that is not known. */
const KNOWN = new Set(
  (
    'priority not src srclen dst dstlen tos fwmark fwmask iif iif_detached oif oif_detached l3mdev uid_start uid_end ipproto sport sport_mask ' +
    'sport_start sport_end dport dport_mask dport_start dport_end tun_id table suppress_prefixlen suppress_ifgroup flow flow_from flow_to goto ' +
    'unresolved nop action protocol dscp dscp_mask'
  ).split(' '),
)

/** A rule of `ip -j rule` in the words of the text form, so that one reader serves both. Flags are keys with the value null. */
export function ruleWordsOf(json: JsonObject): string[] {
  const words: string[] = []
  const put = (word: string, value: string | null) => value !== null && words.push(word, ...value.split(' '))
  if ('not' in json) words.push('not')
  put('from', prefixText(json['src'], json['srclen']))
  put('to', prefixText(json['dst'], json['dstlen']))
  put('tos', asString(json['tos']))
  put('fwmark', masked(json['fwmark'], json['fwmask']))
  put('iif', interfaceText(json, 'iif'))
  put('oif', interfaceText(json, 'oif'))
  put('uidrange', range(json['uid_start'], json['uid_end']))
  put('ipproto', asString(json['ipproto']))
  put('sport', portsText(json, 'sport'))
  put('dport', portsText(json, 'dport'))
  put('tun_id', asString(json['tun_id']))
  put('dscp', maskedUnless(json['dscp'], json['dscp_mask'], 0x3f))
  if ('l3mdev' in json) words.push('lookup', '[l3mdev-table]')
  put('lookup', asString(json['table']))
  put('suppress_prefixlength', asString(json['suppress_prefixlen']))
  put('suppress_ifgroup', asString(json['suppress_ifgroup']))
  put('goto', asString(json['goto']))
  if ('unresolved' in json) words.push('[unresolved]')
  if ('nop' in json) words.push('nop')
  if (typeof json['action'] === 'string') words.push(json['action'])
  put('proto', asString(json['protocol']))
  for (const [key, value] of Object.entries(json))
    if (!KNOWN.has(key)) words.push(`${key} ${asString(value) ?? ''}`.trimEnd())
  return words
}

function prefixText(address: unknown, length: unknown): string | null {
  const bits = asNumber(length)
  return typeof address === 'string' ? (bits === null ? address : `${address}/${bits}`) : null
}

function masked(value: unknown, mask: unknown): string | null {
  const text = asString(value)
  const maskText = asString(mask)
  return text === null || maskText === null ? text : `${text}/${maskText}`
}

/** iproute2 ≥ 6.15 gives the mask always, also where it is full. */
function maskedUnless(value: unknown, mask: unknown, full: number): string | null {
  return mask === undefined || Number(mask) === full
    ? asString(value)
    : `0x${Number(value).toString(16)}/${asString(mask)}`
}

function interfaceText(json: JsonObject, key: 'iif' | 'oif'): string | null {
  const name = asString(json[key])
  return name !== null && `${key}_detached` in json ? `${name} [detached]` : name
}

function portsText(json: JsonObject, key: 'sport' | 'dport'): string | null {
  return range(json[`${key}_start`], json[`${key}_end`]) ?? maskedUnless(json[key], json[`${key}_mask`], 0xffff)
}

function range(from: unknown, to: unknown): string | null {
  const first = asString(from)
  const last = asString(to)
  return first === null || last === null ? null : `${first}-${last}`
}
