import {type Parsed, type Route, type RouteType, type SourceText, TABLE_LOCAL, TABLE_MAIN} from '../../model/index.js'
import {isMulticast, parseAddress, parsePrefix, type Prefix} from '../../net/index.js'
import {finishRoutes} from './finishRoutes.js'
import {parseHex6} from './hexAddress.js'
import {type Line, readLines, splitWords} from './lines.js'
import {Notes} from './notes.js'
import {gatewayOf, plainRoute} from './plainRoute.js'
import type {RouteDraft} from './routeDraft.js'
import {noteUnread} from './unread.js'

/** RTF_* of linux/ipv6_route.h */
const REJECT = 0x0000_0200
const ANYCAST = 0x0010_0000
const LOCAL = 0x8000_0000
/** Metric of the null entry: what the kernel answers where a table has nothing. */
const NULL_ENTRY = 'ffffffff'

/** /proc/net/ipv6_route: the routes of all tables, which it does not name. Own addresses are told by flags; the rest is taken as main. */
export function parseProcIpv6Route(source: SourceText): Parsed<Route[]> {
  const notes = new Notes(source.name)
  const drafts: RouteDraft[] = []
  for (const line of readLines(source, notes)) {
    const words = splitWords(line.text)
    if (words[5] === NULL_ENTRY) continue
    const draft = readRoute(words, line, source.name)
    if (draft !== null) drafts.push(draft)
    else noteUnread(line, 'a line of /proc/net/ipv6_route', notes)
  }
  notes.add(
    'LOSSY_TOOL',
    'warning',
    '/proc/net/ipv6_route does not say which table a route is in: taken as main.',
    source.firstLine ?? 1,
  )
  return {value: finishRoutes(drafts, 6, notes), diagnostics: notes.diagnostics}
}

/** destination length source length gateway metric references uses flags device: all but the last in hex */
function readRoute(words: readonly string[], line: Line, document: string): RouteDraft | null {
  const destination = prefixOf(words[0], words[1])
  const from = prefixOf(words[2], words[3])
  const gateway = parseHex6(words[4] ?? '')
  const device = words[9]
  if (destination === null || from === null || gateway === null || device === undefined) return null
  const type = typeOf(parseInt(words[8] ?? '', 16), destination)
  return plainRoute(
    {
      destination,
      ...(from.length === 0 ? {} : {from}),
      type,
      gateway: gatewayOf(parseAddress(gateway)),
      interface: device,
      metric: parseInt(words[5] ?? '', 16) >>> 0,
      scope: 'global',
      table: type === 'unicast' || type === 'unreachable' ? TABLE_MAIN : TABLE_LOCAL,
    },
    {document, line: line.number},
    line.text,
  )
}

function prefixOf(hex: string | undefined, length: string | undefined): Prefix | null {
  const address = parseHex6(hex ?? '')
  return address === null ? null : parsePrefix(`${address}/${parseInt(length ?? '', 16)}`)
}

function typeOf(flags: number, destination: Prefix): RouteType {
  if ((flags & REJECT) !== 0) return 'unreachable'
  if ((flags & LOCAL) !== 0) return 'local'
  if ((flags & ANYCAST) !== 0) return 'anycast'
  return isMulticast(destination.address) ? 'multicast' : 'unicast'
}
