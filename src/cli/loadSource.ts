import type {NodeState} from '../model/index.js'

/**
 * Reads a node's state.
 * @param from what --from says; undefined: the node that this runs on, by read-only commands
 * @throws InputError, CollectionError
 */
export async function loadSource(from: string | undefined): Promise<NodeState> {
  const {loadLive, loadNode} = await import('../node/index.js')
  return from === undefined ? loadLive() : loadNode(from)
}
