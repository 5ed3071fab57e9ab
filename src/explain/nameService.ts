import type {JsonExplanation, JsonOutcome, JsonService, JsonStep} from '../model/index.js'
import {type EksNode, serviceOfEndpoint} from '../eks/index.js'

/** An explanation whose outcomes name the service, and which of its endpoints, that their rules chose. */
export function nameService(eks: EksNode, explanation: JsonExplanation): JsonExplanation {
  return {...explanation, outcomes: explanation.outcomes.map(outcome => withService(eks, outcome))}
}

function withService(eks: EksNode, outcome: JsonOutcome): JsonOutcome {
  const service = serviceOf(eks, outcome)
  return service === null ? outcome : {...outcome, service}
}

/** By the endpoint's chain that translated the destination, or the real server that IPVS chose: the packet met no other after it. */
function serviceOf(eks: EksNode, {steps = []}: JsonOutcome): JsonService | null {
  const server = steps.find(({kind, rule}) => kind === 'ipvs-destination' && rule !== null)
  if (server !== undefined) return virtualService(eks, server)
  const step = steps.find(({target, chain}) => target === 'DNAT' && chain?.startsWith('KUBE-SEP-'))
  const found = step?.chain == null ? null : serviceOfEndpoint(eks.state, eks.services, step.chain)
  return found && {name: found.service.fullName, endpoint: found.endpoint.number, of: found.of}
}

/** A virtual service has no name but its address. */
function virtualService({state}: EksNode, {source, chain, rule}: JsonStep): JsonService | null {
  const servers = state.ipvs.services
    ?.map(({destinations}) => destinations)
    .find(list => list.some(own => own.source.line === source?.line && own.source.document === source.document))
  if (servers === undefined || chain === null || rule === null) return null
  return {name: chain.replace(/^\S+ (?=\S+:\d+$)/, ''), endpoint: rule, of: servers.length}
}
