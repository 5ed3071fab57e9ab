import type {Parsed, Route, SourceText} from '../../model/index.js'
import {makePrefix, maskLength} from '../../net/index.js'
import {finishRoutes} from './finishRoutes.js'
import {parseHex4} from './hexAddress.js'
import {type Line, readLines, splitWords} from './lines.js'
import {Notes} from './notes.js'
import {gatewayOf, plainRoute, rejectType} from './plainRoute.js'
import type {RouteDraft} from './routeDraft.js'
import {noteUnread} from './unread.js'

/** RTF_* of linux/route.h */
const GATEWAY = 0x0002
const REJECT = 0x0200

/** /proc/net/route: the main table of IPv4, without types, source hints and all but the first next hop. A last resort. */
export function parseProcRoute(source: SourceText): Parsed<Route[]> {
  const notes = new Notes(source.name)
  const drafts: RouteDraft[] = []
  for (const line of readLines(source, notes)) {
    const words = splitWords(line.text)
    if (words[0] === 'Iface') continue
    const draft = readRoute(words, line, source.name)
    if (draft !== null) drafts.push(draft)
    else noteUnread(line, 'a line of /proc/net/route', notes)
  }
  notes.add(
    'LOSSY_TOOL',
    'warning',
    '/proc/net/route shows the main table only, no source hint or tos, and one next hop of several.',
    source.firstLine ?? 1,
  )
  return {value: finishRoutes(drafts, 4, notes), diagnostics: notes.diagnostics}
}

/** Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT */
function readRoute(words: readonly string[], line: Line, document: string): RouteDraft | null {
  const [device = '', destination = '', gateway = '', flagsWord = '', , , metric = '', maskWord = ''] = words
  const address = parseHex4(destination)
  const mask = parseHex4(maskWord)
  const length = mask === null ? null : maskLength(mask)
  const flags = parseInt(flagsWord, 16)
  if (address === null || length === null || Number.isNaN(flags)) return null
  const type = rejectType((flags & REJECT) !== 0, device)
  return plainRoute(
    {
      destination: makePrefix(address, length),
      type,
      gateway: gatewayOf(parseHex4(gateway)),
      interface: type === 'unicast' ? device : null,
      metric: Number(metric) >>> 0,
      scope: type === 'unicast' && (flags & GATEWAY) === 0 ? 'link' : 'global',
    },
    {document, line: line.number},
    line.text,
  )
}
