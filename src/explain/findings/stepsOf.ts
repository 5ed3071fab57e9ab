import type {JsonExplanation, JsonStep} from '../../model/index.js'

/** All steps of all outcomes; those of replies have `reply ` before their stage. */
export function stepsOf({outcomes}: JsonExplanation): JsonStep[] {
  return outcomes.flatMap(({steps = [], reply}) => [
    ...steps,
    ...(reply?.steps ?? []).map(step => ({...step, stage: `reply ${step.stage}`})),
  ])
}
