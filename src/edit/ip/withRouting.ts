import type {NodeState, PolicyRule, Route} from '../../model/index.js'
import type {Family} from '../../net/index.js'

/** A node with other rules or routes of one family. */
export function withRouting(
  state: NodeState,
  family: Family,
  change: {readonly rules?: readonly PolicyRule[]; readonly routes?: readonly Route[]},
): NodeState {
  return {...state, routing: {...state.routing, [family]: {...state.routing[family], ...change}}}
}
