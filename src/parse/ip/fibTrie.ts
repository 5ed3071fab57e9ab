import {
  type Parsed,
  type Route,
  type SourceText,
  TABLE_DEFAULT,
  TABLE_LOCAL,
  TABLE_MAIN,
  type TableId,
} from '../../model/index.js'
import {parsePrefix} from '../../net/index.js'
import {finishRoutes} from './finishRoutes.js'
import {readLines} from './lines.js'
import {Notes} from './notes.js'
import {plainRoute} from './plainRoute.js'
import type {RouteDraft} from './routeDraft.js'
import {routeTypeOf, scopeOf} from './rtNumbers.js'
import {noteUnread} from './unread.js'

const SECTIONS: ReadonlyMap<string, TableId> = new Map([
  ['Main', TABLE_MAIN],
  ['Local', TABLE_LOCAL],
  ['Default', TABLE_DEFAULT],
])
/** Types that the kernel keeps in the local table. */
const OF_LOCAL_TABLE = new Set(['local', 'broadcast', 'anycast'])

/**
 * /proc/net/fib_trie: destinations of every IPv4 table, without devices, gateways and metrics. Good for own addresses (`host LOCAL`) only.
 * As long as a namespace has no rules of its own, main and local share one trie, which is then printed twice: it is read once.
 */
export function parseFibTrie(source: SourceText): Parsed<Route[]> {
  const notes = new Notes(source.name)
  const drafts: RouteDraft[] = []
  let table: TableId | null = null
  let merged = false
  let leaf = ''
  for (const line of readLines(source, notes)) {
    const text = line.text.trim()
    const section = /^(?:Id (\d+)|(Main|Local|Default)):$/.exec(text)
    if (section !== null)
      table = section[1] === undefined ? (SECTIONS.get(section[2] ?? '') ?? null) : Number(section[1])
    else if (text.startsWith('|-- ')) leaf = text.slice(4)
    else if (text.startsWith('/') && table !== null) {
      // /32 host LOCAL tos=16
      const [length = '', scope = '', type = ''] = text.split(' ')
      const destination = parsePrefix(leaf + length)
      const routeType = routeTypeOf(type.toLowerCase())
      if (destination === null || routeType === null) {
        notes.add('BAD_VALUE', 'warning', 'A destination that cannot be read.', line.number)
        continue
      }
      const ofLocal = OF_LOCAL_TABLE.has(routeType)
      merged ||= table === TABLE_MAIN && ofLocal
      if (merged && table === TABLE_LOCAL) continue
      drafts.push(
        plainRoute(
          {
            destination,
            type: routeType,
            gateway: null,
            interface: null,
            metric: null,
            scope: scopeOf(scope) ?? 'global',
            table: table === TABLE_MAIN && ofLocal ? TABLE_LOCAL : table,
          },
          {document: source.name, line: line.number},
          `${leaf}${text}`,
        ),
      )
    } else if (!text.startsWith('+-- ')) noteUnread(line, 'a line of /proc/net/fib_trie', notes)
  }
  notes.add(
    'LOSSY_TOOL',
    'warning',
    '/proc/net/fib_trie shows destinations only: no device, gateway or metric.',
    source.firstLine ?? 1,
  )
  return {value: finishRoutes(drafts, 4, notes), diagnostics: notes.diagnostics}
}
