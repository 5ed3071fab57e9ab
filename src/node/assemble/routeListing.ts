import {type Parsed, type Route, TABLE_MAIN, type TableId} from '../../model/index.js'
import type {Family} from '../../net/index.js'
import {parseIpRoute, type TableNames} from '../../parse/index.js'
import type {DiagnosticSink} from '../diagnosticSink.js'
import {type documentsOf, isJson} from '../nodeDocument.js'

/** One listing of routes, parsed; or one table of it, where it was cut. */
export interface RouteListing {
  readonly routes: readonly Route[]
  /** The table it lists; `all`. */
  readonly table: TableId
  /** Of the command; null where it lists what there is. */
  readonly family: Family | null
  readonly json: boolean
}

/** The listings that a document amounts to: one, or the tables that stand whole in one that was cut. */
export function readListings(
  document: ReturnType<typeof documentsOf<'routes'>>[number],
  tables: TableNames | undefined,
  sink: DiagnosticSink,
): RouteListing[] {
  const {family, table} = document.role
  const parsed = parseIpRoute(document.source, {
    ...(table === null || table === 'all' ? {} : {table}),
    ...(family === null ? {} : {family}),
    ...(tables === undefined ? {} : {tables}),
  })
  const routes = sink.take(parsed)
  // `ip route show` is said of captures that were taken with `table all`, too: lines that name their table tell
  const all = table === 'all' || (table === null && routes.some(route => route.table !== TABLE_MAIN))
  const listing = {routes, table: all ? 'all' : (table ?? TABLE_MAIN), family, json: isJson(document)}
  return document.cut || isCut(parsed) ? wholeParts(listing) : [listing]
}

/** Did the parser see that the text ends in the middle? */
export function isCut({diagnostics}: Parsed<unknown>): boolean {
  return diagnostics.some(({code}) => code === 'TRUNCATED')
}

/**
 * The kernel lists one table after the other, IPv4 before IPv6: all but the last table are whole. Of a table that is not, nothing is
 * kept: a longer prefix may be among what is missing.
 */
function wholeParts({routes, json}: RouteListing): RouteListing[] {
  const last = routes.at(-1)
  const whole = routes.filter(route => route.table !== last?.table || route.family !== last.family)
  if (last?.family === 6 && whole.some(route => route.family === 4)) {
    const [four, six] = [whole.filter(route => route.family === 4), whole.filter(route => route.family === 6)]
    return [{routes: four, table: 'all', family: 4, json}, ...byTable(six, 6, json)]
  }
  return last === undefined ? [] : byTable(whole, last.family, json)
}

function byTable(routes: readonly Route[], family: Family, json: boolean): RouteListing[] {
  const tables = new Set(routes.map(route => route.table))
  return [...tables].map(table => ({routes: routes.filter(route => route.table === table), table, family, json}))
}
