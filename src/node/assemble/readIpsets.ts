import type {IpSet} from '../../model/index.js'
import {parseIpset} from '../../parse/index.js'
import type {DiagnosticSink} from '../diagnosticSink.js'
import {documentsOf, type NodeDocument} from '../nodeDocument.js'

/** The IP sets of the first listing; null where there is none. An empty listing says that there are no sets. */
export function readIpsets(
  documents: readonly NodeDocument[],
  sink: DiagnosticSink,
): ReadonlyMap<string, IpSet> | null {
  const listings = documentsOf(documents, 'ipset').map(({source}) =>
    /\S/.test(source.text) ? sink.take(parseIpset(source)) : new Map<string, IpSet>(),
  )
  return listings.find(sets => sets.size > 0) ?? listings[0] ?? null
}
