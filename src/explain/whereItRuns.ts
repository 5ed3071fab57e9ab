import {type EksNode, podText} from '../eks/index.js'
import type {JsonEndpointRow} from '../model/index.js'
import type {Address} from '../net/index.js'

/** The pod with an address, and whether it is on this node. */
export function whereItRuns(address: Address, eks: EksNode): Pick<JsonEndpointRow, 'pod' | 'local'> {
  const pod = eks.podAt(address)
  const {routes} = eks.state.routing[typeof address === 'number' ? 4 : 6]
  const local = pod !== null || eks.routing.ownAddresses.has(address)
  return {pod: pod && podText(pod), local: local || (routes === null ? null : false)}
}
