import {type PolicyRule, type Route, type RoutingState, TABLE_LOCAL, type TableId} from '../../model/index.js'
import type {Family} from '../../net/index.js'
import {parseIpRule, type TableNames} from '../../parse/index.js'
import type {DiagnosticSink} from '../diagnosticSink.js'
import {documentsOf, type NodeDocument, textFirst} from '../nodeDocument.js'
import {dropDuplicates} from './dropDuplicates.js'
import {readPlainRoutes} from './readPlainRoutes.js'
import {isCut, readListings, type RouteListing} from './routeListing.js'

/** Rules and routes of both families, from whichever listings there are. */
export function readRouting(
  documents: readonly NodeDocument[],
  tables: TableNames | undefined,
  sink: DiagnosticSink,
): {4: RoutingState; 6: RoutingState} {
  const listings = documentsOf(documents, 'routes').flatMap(document => readListings(document, tables, sink))
  const stateOf = (family: Family): RoutingState => {
    const rules = readRules(documents, family, tables, sink)
    const found = chooseListings(listings, family)
    if (found.routes.length > 0 || found.listedTables !== null) {
      const routes = dropDuplicates(found.routes, routeKey, sink)
      const listedTables = found.listedTables ?? new Set<TableId>()
      return {family, rules, routes, listedTables, localTableListed: hasLocalTable(found)}
    }
    return {family, rules, ...readPlainRoutes(documents, family, sink)}
  }
  return {4: stateOf(4), 6: stateOf(6)}
}

/** The first whole listing that has a rule: no kernel with IP is without any. */
function readRules(
  documents: readonly NodeDocument[],
  family: Family,
  tables: TableNames | undefined,
  sink: DiagnosticSink,
): PolicyRule[] | null {
  for (const document of textFirst(documentsOf(documents, 'rules'))) {
    if (document.role.family !== family) continue
    const parsed = parseIpRule(document.source, family, tables)
    const rules = sink.take(parsed)
    // without its last rules the database would seem to end in "no route"
    if (rules.length > 0 && !isCut(parsed)) return rules
  }
  return null
}

interface Chosen {
  readonly routes: readonly Route[]
  /** Null: nothing lists this family. */
  readonly listedTables: 'all' | ReadonlySet<TableId> | null
}

/** A listing of all tables says everything; else each table is taken from the best listing of it. */
function chooseListings(listings: readonly RouteListing[], family: Family): Chosen {
  const candidates = listings
    .filter(listing => covers(listing, family))
    .sort((a, b) => rank(a, family) - rank(b, family))
  const all = candidates.find(listing => listing.table === 'all')
  if (all !== undefined) return {routes: ofFamily(all, family), listedTables: 'all'}
  const byTable = new Map<TableId, RouteListing>()
  for (const listing of candidates) {
    if (listing.table !== 'all' && !byTable.has(listing.table)) byTable.set(listing.table, listing)
  }
  if (byTable.size === 0) return {routes: [], listedTables: null}
  const routes = [...byTable.values()].flatMap(listing => ofFamily(listing, family))
  return {routes, listedTables: new Set(byTable.keys())}
}

/** Without -4 or -6, `ip route` lists IPv4; `table all` lists IPv6 behind it, and an empty part says nothing. */
function covers(listing: RouteListing, family: Family): boolean {
  if (listing.family !== null) return listing.family === family
  return listing.routes.some(route => route.family === family) || (family === 4 && listing.routes.length === 0)
}

/** Lower is better: text before JSON, an explicit family before a mixed listing, more routes before fewer. */
function rank(listing: RouteListing, family: Family): number {
  return (listing.json ? 2 : 0) + (listing.family === family ? 0 : 1) - ofFamily(listing, family).length / 1e9
}

function ofFamily(listing: RouteListing, family: Family): readonly Route[] {
  return listing.routes.filter(route => route.family === family)
}

function hasLocalTable({routes, listedTables}: Chosen): boolean {
  if (listedTables === 'all') return routes.some(route => route.table === TABLE_LOCAL)
  return listedTables?.has(TABLE_LOCAL) === true
}

/** The kernel holds no two routes that print alike. */
function routeKey(route: Route): string {
  return `${route.table} ${route.text.trim().replace(/\s+/g, ' ')}`
}
