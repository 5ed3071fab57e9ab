import {formatAddress} from '../net/index.js'
import type {JsonNeighbourRow, NodeState} from '../model/index.js'

/** The neighbour table, proxy entries included. */
export function listNeighbours(node: NodeState): JsonNeighbourRow[] {
  return (node.neighbours ?? []).map(neighbour => ({
    address: formatAddress(neighbour.address),
    interface: neighbour.interface,
    mac: neighbour.mac,
    state: neighbour.proxy ? 'PROXY' : neighbour.state,
    source: neighbour.source,
  }))
}
