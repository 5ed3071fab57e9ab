import type {JsonExplanation, JsonOutcome, JsonService} from '../model/index.js'
import {type EksNode, serviceOfEndpoint} from '../eks/index.js'

/** An explanation whose outcomes name the service, and which of its endpoints, that their rules chose. */
export function nameService(eks: EksNode, explanation: JsonExplanation): JsonExplanation {
  return {...explanation, outcomes: explanation.outcomes.map(outcome => withService(eks, outcome))}
}

function withService(eks: EksNode, outcome: JsonOutcome): JsonOutcome {
  const service = serviceOf(eks, outcome)
  return service === null ? outcome : {...outcome, service}
}

/** By the endpoint's chain that translated the destination: the packet met no other after it. */
function serviceOf(eks: EksNode, {steps = []}: JsonOutcome): JsonService | null {
  const step = steps.find(({target, chain}) => target === 'DNAT' && chain?.startsWith('KUBE-SEP-'))
  const found = step?.chain == null ? null : serviceOfEndpoint(eks.state, eks.services, step.chain)
  return found && {name: found.service.fullName, endpoint: found.endpoint.number, of: found.of}
}
