import type {ConntrackEntry} from '../../model/index.js'
import {familyOf} from '../../net/index.js'
import {parseConntrack} from '../../parse/index.js'
import type {DiagnosticSink} from '../diagnosticSink.js'
import {documentsOf, type NodeDocument} from '../nodeDocument.js'

/** The connections of each family, from the first listing that has any; null where there is no listing. */
export function readConntrack(
  documents: readonly NodeDocument[],
  sink: DiagnosticSink,
): readonly ConntrackEntry[] | null {
  const listings = documentsOf(documents, 'conntrack').map(({source}) => sink.take(parseConntrack(source)))
  if (listings.length === 0) return null
  return ([4, 6] as const).flatMap(family => {
    const ofFamily = listings.map(list => list.filter(({original}) => familyOf(original.source) === family))
    return ofFamily.find(list => list.length > 0) ?? []
  })
}
