import type {NodeState} from '../../model/index.js'
import {documentsOf, type NodeDocument} from '../nodeDocument.js'

/** The EC2 instance, by what the metadata service or cloud-init says; null where neither is there. */
export function readInstance(documents: readonly NodeDocument[]): NodeState['instance'] {
  for (const {source} of documentsOf(documents, 'instance')) {
    const id = source.text.trim()
    if (!/^i-[\da-f]{8,17}$/.test(id)) continue
    return {id, source: {document: source.name, line: source.firstLine ?? 1}, text: id}
  }
  return null
}
