import {type Parsed, type Route, type SourceText, TABLE_LOCAL, TABLE_MAIN} from '../../model/index.js'
import {isMulticast, makePrefix, maskLength, parseAddress, parsePrefix} from '../../net/index.js'
import {finishRoutes} from './finishRoutes.js'
import {type Line, readLines, splitWords} from './lines.js'
import {Notes} from './notes.js'
import {gatewayOf, plainRoute, rejectType} from './plainRoute.js'
import type {RouteDraft} from './routeDraft.js'
import {noteSigned} from './tables.js'
import {noteUnread} from './unread.js'

/**
 * `route -n`, `route -ne`, `netstat -rn` and `route -6n`, a last resort: the main table (of IPv6, all tables as one), without source hints,
 * tos, types, and all but the first next hop of a multipath route.
 */
export function parseRouteN(source: SourceText): Parsed<Route[]> {
  const notes = new Notes(source.name)
  const drafts: RouteDraft[] = []
  // netstat -rn and route -ne have `MSS Window irtt` in the place of `Metric Ref Use`
  let hasMetric = true
  for (const line of readLines(source, notes)) {
    const words = splitWords(line.text)
    if (words[0] === 'Kernel') continue
    if (words[0] === 'Destination') {
      hasMetric = words.includes('Metric') || words.includes('Met')
      continue
    }
    const draft = readInet(words, hasMetric, line, source.name, notes) ?? readInet6(words, line, source.name)
    if (draft !== null) drafts.push(draft)
    else if (!isNullEntry(words)) noteUnread(line, 'a line of `route -n`', notes)
  }
  notes.add(
    'LOSSY_TOOL',
    'warning',
    'route and netstat show no source hint, tos or type, and one next hop of several.',
    source.firstLine ?? 1,
  )
  return {value: finishRoutes(drafts, undefined, notes), diagnostics: notes.diagnostics}
}

/** 10.53.0.0       -               255.255.0.0     !     100    -        0 - */
function readInet(
  words: readonly string[],
  hasMetric: boolean,
  line: Line,
  document: string,
  notes: Notes,
): RouteDraft | null {
  const [destination = '', gateway = '', genmask = '', flags = '', metric = ''] = words
  const address = parseAddress(destination === 'default' ? '0.0.0.0' : destination)
  const mask = parseAddress(genmask)
  const length = typeof mask === 'number' ? maskLength(mask) : null
  if (typeof address !== 'number' || length === null || words.length < 8) return null
  if (hasMetric && metric.startsWith('-') && metric !== '-') noteSigned(line.number, notes)
  const device = words[7] ?? ''
  const type = rejectType(flags.includes('!'), device)
  const route = plainRoute(
    {
      destination: makePrefix(address, length),
      type,
      gateway: gatewayOf(parseAddress(gateway)),
      interface: type === 'unicast' ? device : null,
      metric: hasMetric ? Number(metric) >>> 0 : null,
      scope: type === 'unicast' && !flags.includes('G') ? 'link' : 'global',
    },
    {document, line: line.number},
    line.text,
  )
  // a gateway of the other family
  if (flags.includes('G') && route.hop?.gateway === null) route.unknown.push('a gateway that was not printed')
  return route
}

/** 2001:db8:54::/48               2001:db8::1                UG   1024 1      0 eth0 */
function readInet6(words: readonly string[], line: Line, document: string): RouteDraft | null {
  const [destination = '', gateway = '', flags = '', metric = ''] = words
  const prefix = parsePrefix(destination)
  if (prefix?.family !== 6 || words.length < 7 || isNullEntry(words)) return null
  // n: RTF_NONEXTHOP, which routes to own addresses have
  const local = flags.includes('n') && !flags.includes('!')
  const multicast = isMulticast(prefix.address)
  const type = local ? 'local' : multicast ? 'multicast' : rejectType(flags.includes('!'), words[6] ?? '')
  return plainRoute(
    {
      destination: prefix,
      type,
      gateway: gatewayOf(parseAddress(gateway)),
      interface: words[6] ?? null,
      metric: Number(metric) >>> 0,
      scope: 'global',
      table: local || multicast ? TABLE_LOCAL : TABLE_MAIN,
    },
    {document, line: line.number},
    line.text,
  )
}

/** `::/0 :: !n -1 … lo`: what the kernel answers where a table has nothing. */
function isNullEntry(words: readonly string[]): boolean {
  return words[2] === '!n' && words[3] === '-1'
}
