import {asList, asObject, asString, type JsonObject} from './jsonRecords.js'

/** Keys of `ip -j route` and the words of the text form that they stand for. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['from', 'from'],
  ['nhid', 'nhid'],
  ['gateway', 'via'],
  ['dev', 'dev'],
  ['table', 'table'],
  ['protocol', 'proto'],
  ['scope', 'scope'],
  ['prefsrc', 'src'],
  ['metric', 'metric'],
  ['tos', 'tos'],
  ['weight', 'weight'],
  ['expires', 'expires'],
  ['pref', 'pref'],
  ['error', 'error'],
  ['mark', 'mark'],
  ['uid', 'uid'],
  ['ttl-propagate', 'ttl-propagate'],
])
const IGNORED = new Set(['type', 'dst', 'nh_info', 'cache'])

/** A route of `ip -j route`, or one of its nexthops, in the words of the text form, so that one reader serves both. */
export function routeWordsOf(json: JsonObject): string[] {
  const words: string[] = []
  for (const [key, value] of Object.entries(json)) if (key !== 'nexthops') words.push(...wordsOfKey(key, value))
  for (const hop of asList(json['nexthops'])) words.push('nexthop', ...routeWordsOf(asObject(hop) ?? {}))
  return words
}

function wordsOfKey(key: string, value: unknown): string[] {
  const word = WORDS.get(key)
  if (word !== undefined) return [word, asString(value) ?? '']
  switch (key) {
    case 'via': {
      const via = asObject(value)
      return ['via', asString(via?.['family']) ?? '', asString(via?.['host']) ?? '']
    }
    case 'encap':
      return ['encap', ...flatten(value)]
    case 'flags':
      return asList(value).map(String)
    case 'flow': {
      const flow = asObject(value)
      const from = asString(flow?.['from'])
      return ['realms', `${from === null ? '' : `${from}/`}${asString(flow?.['to']) ?? ''}`]
    }
    case 'metrics':
      return asList(value).flatMap(metrics => Object.entries(asObject(metrics) ?? {}).flatMap(metricWords))
    default:
      return IGNORED.has(key) ? [] : [key, ...flatten(value)]
  }
}

function metricWords([key, value]: readonly [string, unknown]): string[] {
  // a feature, such as `"ecn":null`
  if (value === null) return ['features', key]
  return [key === 'congestion' ? 'congctl' : key, flatten(value).join(',')]
}

/** Keys and values in order: `{"encap_type":"ip","id":5}` → `ip id 5`. */
function flatten(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(flatten)
  const object = asObject(value)
  if (object === null) return (asString(value) ?? '').split(' ').filter(word => word !== '')
  return Object.entries(object).flatMap(([key, inner]) => flattenEntry(key, inner))
}

function flattenEntry(key: string, value: unknown): string[] {
  if (key === 'encap_type') return flatten(value)
  // seg6 and rpl: `segs 1 [ 2001:db8::a ]`
  return key === 'segs' ? [key, String(asList(value).length), '[', ...flatten(value), ']'] : [key, ...flatten(value)]
}
