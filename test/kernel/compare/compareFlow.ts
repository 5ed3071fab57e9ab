import type {JsonExplanation, JsonOutcome} from '../../../src/model/index.js'
import type {Measured} from '../lab/measureFlow.js'
import type {MeasuredOutcome} from '../lab/outcome.js'
import {type Aspect, ASPECTS, type CompareContext, compareOutcome, ruleName, ruleNames} from './compareOutcome.js'

export interface Disagreement {
  /** `extra`: an outcome is predicted for certain that was not seen. */
  readonly aspect: Aspect | 'extra'
  /** Null with `extra`. */
  readonly seen: MeasuredOutcome | null
  /** The nearest of the predicted ones; null where there is none. */
  readonly predicted: JsonOutcome | null
}

/** So unlikely not to have shown itself that the prediction must be wrong. */
const SIGNIFICANCE = 1e-5

/** Each outcome that the kernel showed must be predicted as a whole, and no certain one beside them. */
export function compareFlow(
  {outcomes, tries}: Measured,
  explanation: JsonExplanation,
  context: CompareContext,
): Disagreement[] {
  const wrong: Disagreement[] = []
  for (const seen of outcomes) {
    const nearest = nearestOf(seen, explanation.outcomes, context)
    if (nearest.aspect !== null) wrong.push({aspect: nearest.aspect, seen, predicted: nearest.predicted})
  }
  // an explanation that was cut short says so, and claims nothing of what it left out
  if (explanation.outcomes.some(({reason}) => reason === 'TOO_MANY_BRANCHES')) return []
  // what was expected in place of an outcome that is wrong would only say it twice
  if (wrong.length > 0) return wrong
  for (const predicted of explanation.outcomes) {
    const {conditions, probability} = predicted
    if (conditions.length > 0 || probability === null || (1 - probability) ** tries > SIGNIFICANCE) continue
    if (outcomes.every(seen => isOther(compareOutcome(seen, predicted, context))))
      wrong.push({aspect: 'extra', seen: null, predicted})
  }
  return wrong
}

function isOther(aspect: Aspect | null): boolean {
  return aspect === 'disposition' || aspect === 'packet' || aspect === 'egress'
}

function nearestOf(
  seen: MeasuredOutcome,
  predictions: readonly JsonOutcome[],
  context: CompareContext,
): {aspect: Aspect | null; predicted: JsonOutcome | null} {
  let nearest: {aspect: Aspect | null; predicted: JsonOutcome | null} = {aspect: 'disposition', predicted: null}
  let best = -1
  for (const predicted of predictions) {
    const aspect = compareOutcome(seen, predicted, context)
    if (aspect === null) return {aspect, predicted}
    const likeness = likenessOf(seen, predicted, context)
    if (likeness > best) nearest = {aspect, predicted}
    best = Math.max(best, likeness)
  }
  return nearest
}

/** Greater the later two outcomes part: by aspects, then by rules in common, and where only the reply is wrong, by how much of it is right. */
function likenessOf(seen: MeasuredOutcome, predicted: JsonOutcome, context: CompareContext): number {
  const aspect = compareOutcome(seen, predicted, context)
  const agreed = aspect === null ? ASPECTS.length : ASPECTS.indexOf(aspect)
  const ours = ruleNames(predicted)
  const parting = seen.rules.findIndex((rule, i) => ruleName(rule) !== ours[i])
  const common = Math.min(parting < 0 ? seen.rules.length : parting, 99) / 100
  if (aspect !== 'reply' || seen.reply === null || predicted.reply == null) return agreed + common
  return agreed + likenessOf(seen.reply, predicted.reply, context) / (ASPECTS.length + 1)
}
