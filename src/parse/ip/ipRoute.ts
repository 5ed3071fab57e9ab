import type {Parsed, Route, SourceRef, SourceText, TableId} from '../../model/index.js'
import type {Family} from '../../net/index.js'
import {finishRoutes} from './finishRoutes.js'
import {asString, isJson, type JsonRecord, readJsonRecords} from './jsonRecords.js'
import {type Line, readLines, splitOneline, splitWords} from './lines.js'
import {Notes} from './notes.js'
import {parsePrefixWord} from './prefixWord.js'
import {emptyRoute, hasTarget, type RouteDraft} from './routeDraft.js'
import {routeWordsOf} from './routeJson.js'
import {isRouteKeyword, readRouteWords} from './routeWords.js'
import {routeTypeOf} from './rtNumbers.js'
import type {TableNames} from './tables.js'
import {noteUnread} from './unread.js'
import {Words} from './words.js'

export interface RouteListing {
  /** Of `ip route show table N`, which does not print it. Absent: main, except where a line says otherwise. */
  readonly table?: TableId
  /** Of `ip -4` or `ip -6`. Absent: each route tells. */
  readonly family?: Family
  readonly tables?: TableNames
}

/**
 * `ip route show` of one table or of all (any version, -d, -N, -o, -j, -color, busybox): routes in listing order.
 * A multipath route spans several lines; its `text` joins them.
 */
export function parseIpRoute(source: SourceText, listing: RouteListing = {}): Parsed<Route[]> {
  const notes = new Notes(source.name)
  const drafts: RouteDraft[] = []
  if (isJson(source)) {
    for (const record of readJsonRecords(source, notes)) readRecord(record, source.name, drafts, listing, notes)
  } else {
    const lines = readLines(source, notes)
    for (const line of lines) readLine(line, source.name, drafts, listing, notes)
    dropCut(drafts, lines.at(-1), notes)
  }
  const routes = finishRoutes(drafts, listing.family, notes)
  noteLossyTool(source, notes)
  return {value: routes, diagnostics: notes.diagnostics}
}

function readLine(line: Line, document: string, drafts: RouteDraft[], listing: RouteListing, notes: Notes): void {
  for (const [i, segment] of splitOneline(line.text).entries()) {
    const words = splitWords(segment)
    if (words.length === 0) continue
    const draft = beginRoute(words, {document, line: line.number}, line.text, listing, notes)
    const last = drafts.at(-1)
    if (draft !== null) drafts.push(draft)
    else if (last !== undefined && isRouteKeyword(words[0] ?? '')) {
      if (i === 0) last.text += ` ${segment.trim()}`
      readRouteWords(new Words(words), last, listing.tables, notes)
    } else noteUnread(line, 'a route: no destination at its start', notes)
  }
}

function readRecord(
  {value, line, text}: JsonRecord,
  document: string,
  drafts: RouteDraft[],
  listing: RouteListing,
  notes: Notes,
): void {
  const type = asString(value['type'])
  const words = [...(type === null ? [] : [type]), asString(value['dst']) ?? '', ...routeWordsOf(value)]
  const draft = beginRoute(words, {document, line}, text, listing, notes)
  if (draft !== null) drafts.push(draft)
  else notes.add('BAD_JSON', 'warning', 'Not a route: no "dst".', line)
}

/** `[TYPE] DESTINATION …`. @returns null where the line does not begin so */
function beginRoute(
  words: readonly string[],
  source: SourceRef,
  text: string,
  listing: RouteListing,
  notes: Notes,
): RouteDraft | null {
  const first = words[0] ?? ''
  const type = routeTypeOf(first)
  const at = type === null ? 0 : 1
  const destination = words[at] ?? ''
  const prefix = destination === 'default' ? null : parsePrefixWord(destination, listing.family ?? 4)
  if (destination !== 'default' && prefix === null) return null
  const route = emptyRoute(listing.table, source, text)
  route.type = type ?? 'unicast'
  route.destination = prefix
  readRouteWords(new Words(words, at + 1), route, listing.tables, notes)
  return route
}

/** The last route of a text that was cut may lack its next hop, or its prefix a digit. */
function dropCut(drafts: RouteDraft[], last: Line | undefined, notes: Notes): void {
  const route = drafts.at(-1)
  if (last === undefined || last.ended || route === undefined || hasTarget(route)) return
  drafts.pop()
  notes.add(
    'TRUNCATED',
    'error',
    'The last route is cut: it and those that would follow are unknown.',
    route.source.line,
  )
}

/** busybox alone writes two blanks before `src` and `metric` but one before `scope` and `table`; old iproute2 two before all. */
function noteLossyTool(source: SourceText, notes: Notes): void {
  const busybox = source.text.search(/\S (scope|table) \S+ {2}(src|metric) /)
  const old = source.text.search(/\S {2}(proto|scope|table) /)
  const at = busybox >= 0 ? busybox : old
  if (at < 0) return
  const line = (source.firstLine ?? 1) + source.text.slice(0, at).split('\n').length - 1
  if (busybox >= 0) {
    notes.add(
      'LOSSY_TOOL',
      'warning',
      'Printed by busybox ip, which leaves out tos, encap, flags and the next hops of multipath routes.',
      line,
    )
  } else
    notes.add(
      'LOSSY_TOOL',
      'info',
      'Printed by iproute2 before 4.11, which leaves out encap, linkdown and gateways of the other family.',
      line,
    )
}
