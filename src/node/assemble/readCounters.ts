import type {Counter} from '../../model/index.js'
import {parseConntrackCounters, parseEthtoolCounters} from '../../parse/index.js'
import type {DiagnosticSink} from '../diagnosticSink.js'
import {documentsOf, type NodeDocument} from '../nodeDocument.js'

/** What network cards and conntrack have counted; null where there is no listing. */
export function readCounters(
  documents: readonly NodeDocument[],
  sink: DiagnosticSink,
): {readonly cardCounters: readonly Counter[] | null; readonly conntrackCounters: readonly Counter[] | null} {
  const cards = documentsOf(documents, 'card-counters').flatMap(({source}) => sink.take(parseEthtoolCounters(source)))
  // bundles have `conntrack -S` and `conntrack -L` in one file
  const listings = [...documentsOf(documents, 'conntrack-counters'), ...documentsOf(documents, 'conntrack')]
  const connections = listings.flatMap(({source}) => sink.take(parseConntrackCounters(source)))
  return {
    cardCounters: cards.length === 0 ? null : cards,
    conntrackCounters: connections.length === 0 ? null : connections,
  }
}
