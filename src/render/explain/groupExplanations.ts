import type {JsonOutcome} from '../../model/index.js'
import type {FoldedExplanation} from './foldOutcomes.js'

/** Explanations that differ by nothing but the protocol and the way through the chains: told once. */
export interface ExplanationGroup {
  /** At least one. */
  readonly explanations: readonly [FoldedExplanation, ...FoldedExplanation[]]
  /** `tcp, udp` */
  readonly protocols: readonly string[]
}

export function groupExplanations(explanations: readonly FoldedExplanation[]): ExplanationGroup[] {
  const groups = new Map<string, [FoldedExplanation, ...FoldedExplanation[]]>()
  for (const explanation of explanations) {
    const key = answerOf(explanation)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [explanation])
    else group.push(explanation)
  }
  return [...groups.values()].map(group => ({explanations: group, protocols: group.map(({flow}) => flow.proto)}))
}

/** The answer without what may differ, as a key. */
function answerOf({flow, origin, outcomes, orders, whatIf}: FoldedExplanation): string {
  const after = whatIf === undefined ? '' : answerOf(whatIf)
  return JSON.stringify([{...flow, proto: ''}, origin, outcomes.map(withoutSteps), orders, after])
}

function withoutSteps(outcome: JsonOutcome): unknown {
  const {disposition, reason, probability, conditions, packet, egress, reply} = outcome
  return [
    disposition,
    reason,
    probability,
    conditions,
    {...packet, proto: ''},
    egress,
    reply == null ? reply : withoutSteps(reply),
  ]
}
