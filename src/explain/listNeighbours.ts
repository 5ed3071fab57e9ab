import {formatAddress} from '../net/index.js'
import type {JsonNeighbourRow, NodeState} from '../model/index.js'

/** The neighbour table, proxy entries included. Null: not in the capture. */
export function listNeighbours(node: NodeState): JsonNeighbourRow[] | null {
  if (node.neighbours === null) return null
  return node.neighbours.map(neighbour => ({
    address: formatAddress(neighbour.address),
    interface: neighbour.interface,
    mac: neighbour.mac,
    state: neighbour.proxy ? 'PROXY' : neighbour.state,
    source: neighbour.source,
  }))
}
