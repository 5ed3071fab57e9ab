import type {NamespaceState} from '../../model/index.js'
import {parseIpRoute, type TableNames} from '../../parse/index.js'
import type {DiagnosticSink} from '../diagnosticSink.js'
import {documentsOf, type NodeDocument, textFirst} from '../nodeDocument.js'
import {readInterfaces} from './readInterfaces.js'
import {readNeighbours} from './readNeighbours.js'

/** The named network namespaces, in the order of their names. */
export function readNamespaces(
  documents: readonly NodeDocument[],
  tables: TableNames | undefined,
  sink: DiagnosticSink,
): NamespaceState[] {
  const names = new Set(documents.flatMap(({namespace}) => namespace ?? []))
  return [...names].sort().map(name => {
    const {links, addresses} = readInterfaces(documents, sink, name)
    const listing = textFirst(documentsOf(documents, 'routes', name))[0]
    const routes =
      listing === undefined ? [] : sink.take(parseIpRoute(listing.source, tables === undefined ? {} : {tables}))
    return {
      name,
      links: links ?? [],
      addresses: addresses ?? [],
      routes,
      neighbours: readNeighbours(documents, sink, name) ?? [],
    }
  })
}
