import {collectSsh, type SshOptions} from '../capture/index.js'
import type {NodeState} from '../model/index.js'
import {nodeOf} from './loadNode.js'

/**
 * The state of a node that is reached over SSH.
 * @param destination `[user@]host[:port]`, also an alias of ~/.ssh/config
 * @throws UsageError, CollectionError
 */
export async function loadSsh(destination: string, options: SshOptions = {}): Promise<NodeState> {
  return nodeOf(await collectSsh(destination, options))
}
