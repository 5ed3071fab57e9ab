import type {NodeState} from '../model/index.js'
import {UsageError} from './usageError.js'

/**
 * Reads a node's state.
 * @param from what --from says
 * @throws InputError, UsageError
 */
export async function loadSource(from: string | undefined): Promise<NodeState> {
  const {loadNode} = await import('../node/index.js')
  if (from === undefined)
    throw new UsageError('Say which capture to read: --from FOLDER, or --from sample:net410 for the bundled one.')
  return loadNode(from)
}
