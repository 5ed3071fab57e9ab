import type {JsonExplanation} from '../../model/index.js'
import type {ExplanationGroup} from './groupExplanations.js'

/** The same explanations on the edited node; null where nothing was edited. */
export function groupAfter({explanations, protocols}: ExplanationGroup): ExplanationGroup | null {
  const edited = explanations.flatMap(({whatIf}) => (whatIf === undefined ? [] : [whatIf]))
  const [first, ...rest] = edited
  if (first === undefined) return null
  const all: readonly [JsonExplanation, ...JsonExplanation[]] = [first, ...rest]
  return {explanations: all, protocols}
}
