import {collectLocal, type CollectOptions} from '../capture/index.js'
import type {NodeState} from '../model/index.js'
import {nodeOf} from './loadNode.js'

/**
 * The state of the node this runs on, by read-only commands.
 * @throws CollectionError where this is no Linux node
 */
export async function loadLive(options: CollectOptions = {}): Promise<NodeState> {
  return nodeOf(await collectLocal(options))
}
