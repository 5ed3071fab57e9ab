import type {JsonExplanation, JsonOutcome} from '../../model/index.js'

/** Explanations that differ by nothing but the protocol and the way through the chains: told once. */
export interface ExplanationGroup {
  /** At least one. */
  readonly explanations: readonly [JsonExplanation, ...JsonExplanation[]]
  /** `tcp, udp` */
  readonly protocols: readonly string[]
}

export function groupExplanations(explanations: readonly JsonExplanation[]): ExplanationGroup[] {
  const groups = new Map<string, [JsonExplanation, ...JsonExplanation[]]>()
  for (const explanation of explanations) {
    const key = answerOf(explanation)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [explanation])
    else group.push(explanation)
  }
  return [...groups.values()].map(group => ({explanations: group, protocols: group.map(({flow}) => flow.proto)}))
}

/** The answer without what may differ, as a key. */
function answerOf({flow, origin, outcomes, whatIf}: JsonExplanation): string {
  const after = whatIf === undefined ? '' : answerOf(whatIf)
  return JSON.stringify([{...flow, proto: ''}, origin, outcomes.map(withoutSteps), after])
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
