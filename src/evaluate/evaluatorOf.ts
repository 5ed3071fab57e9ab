import type {NodeState} from '../model/index.js'
import {Evaluator} from './evaluator.js'

const known = new WeakMap<NodeState, Evaluator>()

/** The one evaluator of a state: what it has compiled of the rules for one question, it need not compile for the next. */
export function evaluatorOf(state: NodeState): Evaluator {
  let evaluator = known.get(state)
  if (evaluator === undefined) known.set(state, (evaluator = new Evaluator(state)))
  return evaluator
}
