import type {JsonOutcome} from '../../model/index.js'
import type {ExplanationGroup} from './groupExplanations.js'
import type {Variant} from './mergePhases.js'
import {foldPhases} from './phase.js'

/** A, B … Z, AA: one for each outcome; none where there is only one. */
export function labelOf(index: number, count: number): string {
  if (count === 1) return ''
  const letter = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letter : labelOf(Math.floor(index / 26) - 1, count) + letter
}

/** Every outcome of every protocol of the group, with the label that tells it apart: `A`, `udp`, `A udp`. Those without steps are left out. */
export function variantsOf(group: ExplanationGroup, pick: (outcome: JsonOutcome) => JsonOutcome | null): Variant[] {
  return group.explanations.flatMap(({flow, outcomes}) =>
    outcomes.flatMap((outcome, index) => {
      const steps = pick(outcome)?.steps
      const letter = labelOf(index, outcomes.length)
      const protocol = group.explanations.length === 1 ? '' : flow.proto
      const label = [letter, protocol].filter(part => part !== '').join(' ')
      return steps === undefined ? [] : [{label, phases: foldPhases(steps)}]
    }),
  )
}
