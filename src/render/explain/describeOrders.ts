import {EQUAL_PRIORITY} from '../../model/index.js'
import type {FoldedExplanation} from './foldOutcomes.js'
import type {Verdict} from './verdict.js'

/** That it is open in which order some chains run, and of no consequence. Null: no such order is. */
export function describeOrders({orders = []}: FoldedExplanation): Verdict | null {
  if (orders.length === 0) return null
  const alternatives = orders.join(', or ')
  return {
    word: 'ORDER',
    tone: 'pass',
    facts: [[`${alternatives}: either way it meets the same rules and ends alike (${EQUAL_PRIORITY})`]],
    proof: null,
  }
}
