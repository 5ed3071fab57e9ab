import type {NodeState} from '../model/index.js'
import type {SourceFlagValues} from './sourceFlags.js'
import {sshOptions} from './sshOptions.js'
import {youngGeneration} from './youngGeneration.js'

/**
 * Reads a node's state: from a capture, over SSH, or else of the node that this runs on, by read-only commands.
 * @throws InputError, CollectionError
 */
export async function loadSource(flags: SourceFlagValues): Promise<NodeState> {
  const {loadLive, loadNode, loadSsh} = await import('../node/index.js')
  if (flags.from !== undefined) return loadNode(flags.from, bytes => youngGeneration.keepSmall(bytes))
  return flags.ssh === undefined ? loadLive() : loadSsh(flags.ssh, sshOptions(flags))
}
