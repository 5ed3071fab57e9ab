import type {Neighbour} from '../../model/index.js'
import {familyOf} from '../../net/index.js'
import {parseNeighbours} from '../../parse/index.js'
import type {DiagnosticSink} from '../diagnosticSink.js'
import {documentsOf, type NodeDocument, textFirst} from '../nodeDocument.js'

/**
 * The neighbours of one network namespace. Of each family the best listing counts: `ip neigh`, which knows states, before arp.
 * Proxy entries are listed apart by `ip neigh show proxy` and so are added.
 */
export function readNeighbours(
  documents: readonly NodeDocument[],
  sink: DiagnosticSink,
  namespace: string | null = null,
): Neighbour[] | null {
  const lists = textFirst(documentsOf(documents, 'neighbours', namespace)).map(({source}) =>
    sink.take(parseNeighbours(source)),
  )
  if (lists.length === 0) return null
  const listed = new Set<string>()
  const result: Neighbour[] = []
  for (const list of lists.sort((a, b) => states(b) - states(a))) {
    const added = list.filter(neighbour => !listed.has(kindOf(neighbour)))
    for (const neighbour of added) listed.add(kindOf(neighbour))
    result.push(...added)
  }
  return result
}

/** 1 for a listing whose states are the kernel's own. arp says COMPLETE or INCOMPLETE, and PERMANENT for both tools. */
function states(list: readonly Neighbour[]): number {
  return list.some(({state}) => state === 'COMPLETE') ? 0 : 1
}

function kindOf({address, proxy}: Neighbour): string {
  return `${familyOf(address)} ${proxy}`
}
