import type {JsonExplanation, JsonOutcome} from '../../model/index.js'

/** An explanation as it is told: outcomes that are one to a reader stand once. */
export interface FoldedExplanation extends JsonExplanation {
  /** Orders of chains that are open and make no difference, as conditions would tell them. */
  readonly orders?: readonly string[]
}

/**
 * An explanation in which outcomes are put together, each where the first of its group stands.
 * @param keyOf alike for those that may be one
 * @param fold of at least two of a group, or of one; null: they stay apart
 */
export function foldOutcomes(
  explanation: JsonExplanation,
  keyOf: (outcome: JsonOutcome) => string,
  fold: (alike: readonly [JsonOutcome, ...JsonOutcome[]]) => JsonOutcome | null,
): JsonExplanation {
  const {outcomes, why} = explanation
  const keys = outcomes.map(keyOf)
  const groups = new Map<string, [JsonOutcome, ...JsonOutcome[]]>()
  for (const [i, outcome] of outcomes.entries()) {
    const key = keys[i] as string
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [outcome])
    else group.push(outcome)
  }
  const folded: JsonOutcome[] = []
  const places = new Map<JsonOutcome, number>()
  for (const [i, outcome] of outcomes.entries()) {
    if (places.has(outcome)) continue
    const alike = groups.get(keys[i] as string) as [JsonOutcome, ...JsonOutcome[]]
    const one = fold(alike)
    for (const member of one === null ? [outcome] : alike) places.set(member, folded.length)
    folded.push(one ?? outcome)
  }
  const placed = (index: number): number => places.get(outcomes[index] as JsonOutcome) ?? index
  return {
    ...explanation,
    outcomes: folded,
    ...(why === undefined
      ? {}
      : {why: why.map(each => ({...each, outcomes: [...new Set(each.outcomes.map(placed))]}))}),
  }
}
