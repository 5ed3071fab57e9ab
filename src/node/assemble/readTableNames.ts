import {parseRtTables, type TableNames} from '../../parse/index.js'
import type {DiagnosticSink} from '../diagnosticSink.js'
import {documentsOf, type NodeDocument} from '../nodeDocument.js'

/** Names of routing tables, of all rt_tables files; undefined where there is none. */
export function readTableNames(documents: readonly NodeDocument[], sink: DiagnosticSink): TableNames | undefined {
  const names = documentsOf(documents, 'rt-tables').flatMap(({source}) => [...sink.take(parseRtTables(source))])
  return names.length === 0 ? undefined : new Map(names)
}
