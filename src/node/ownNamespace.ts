import {DiagnosticSink} from './diagnosticSink.js'
import {readInterfaces} from './assemble/readInterfaces.js'
import type {NodeDocument} from './nodeDocument.js'

/**
 * A collector that itself runs in a named network namespace lists that one among the named ones, too: sos then has `iptables-save` of it, which
 * it does not run for the node. Two namespaces with the same interfaces, by number, name and MAC, are one: what was collected of
 * it is the node's own, behind what the collector took for the node.
 */
export function adoptOwnNamespace<T extends NodeDocument>(documents: readonly T[], sink: DiagnosticSink): readonly T[] {
  const names = new Set(documents.flatMap(({namespace}) => namespace ?? []))
  if (names.size === 0) return documents
  const own = interfacesOf(documents, null)
  if (own === null) return documents
  const same = [...names].find(name => interfacesOf(documents, name) === own)
  if (same === undefined) return documents
  const text = `The named namespace ${same} is the one that was captured: it has the same interfaces and MAC addresses. Its documents are read as the node's own.`
  sink.add('OWN_NAMESPACE', 'info', text, documents.find(({namespace}) => namespace === same)?.source.name ?? null)
  const adopted = documents
    .filter(({namespace}) => namespace === same)
    .map(document => ({...document, namespace: null}))
  return [...documents.filter(({namespace}) => namespace !== same), ...adopted]
}

/** Number, name and MAC of all interfaces, as one text; null where too little is known to tell one namespace from another. */
function interfacesOf(documents: readonly NodeDocument[], namespace: string | null): string | null {
  const {links} = readInterfaces(documents, new DiagnosticSink(), namespace)
  const known = (links ?? []).filter(({index, mac}) => index !== null && mac !== null)
  if (!known.some(({name}) => name !== 'lo')) return null
  return known
    .map(({index, name, mac}) => `${index} ${name} ${mac}`)
    .sort()
    .join('\n')
}
