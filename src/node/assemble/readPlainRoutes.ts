import {type Route, type RoutingState, TABLE_LOCAL, TABLE_MAIN, type TableId} from '../../model/index.js'
import type {Family} from '../../net/index.js'
import {parseFibTrie, parseProcIpv6Route, parseProcRoute, parseRouteN} from '../../parse/index.js'
import type {DiagnosticSink} from '../diagnosticSink.js'
import {documentsOf, type NodeDocument} from '../nodeDocument.js'

type PlainRouting = Pick<RoutingState, 'routes' | 'listedTables' | 'localTableListed'>

const PARSERS = {
  'route -n': parseRouteN,
  '/proc/net/route': parseProcRoute,
  '/proc/net/ipv6_route': parseProcIpv6Route,
  '/proc/net/fib_trie': parseFibTrie,
}

/** In order of preference. fib_trie has no devices: it only serves where nothing else is. */
const TOOLS = ['/proc/net/route', 'route -n', '/proc/net/ipv6_route', '/proc/net/fib_trie'] as const

/** Routes where there is no `ip route` at all: the main table, without types, scopes and hints. */
export function readPlainRoutes(
  documents: readonly NodeDocument[],
  family: Family,
  sink: DiagnosticSink,
): PlainRouting {
  for (const tool of TOOLS) {
    for (const document of documentsOf(documents, 'plain-routes')) {
      if (document.role.tool !== tool) continue
      const routes = sink.take(PARSERS[tool](document.source)).filter(route => route.family === family)
      if (routes.length === 0) continue
      const cost = 'It lists one table without scopes, types and source hints: policy tables are unknown.'
      sink.add('LOSSY_TOOL', 'warning', `Routes of IPv${family} are read from ${tool}. ${cost}`, document.source.name)
      return {routes, ...coverage(routes)}
    }
  }
  return {routes: null, listedTables: new Set(), localTableListed: false}
}

function coverage(routes: readonly Route[]): Pick<PlainRouting, 'listedTables' | 'localTableListed'> {
  const tables = new Set<TableId>([TABLE_MAIN, ...routes.map(route => route.table)])
  return {listedTables: tables, localTableListed: tables.has(TABLE_LOCAL)}
}
