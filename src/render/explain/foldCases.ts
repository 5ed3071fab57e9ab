import type {JsonExplanation} from '../../model/index.js'
import {foldAnswers} from './foldAnswers.js'
import {foldOrders} from './foldOrders.js'
import type {FoldedExplanation} from './foldOutcomes.js'

/** An explanation, and the one after the edits of a what-if, in as few cases as tell everything. */
export function foldCases(explanation: JsonExplanation): FoldedExplanation {
  const folded = foldAnswers(foldOrders(explanation))
  return folded.whatIf === undefined ? folded : {...folded, whatIf: foldCases(folded.whatIf)}
}
