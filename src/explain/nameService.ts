import type {JsonExplanation, JsonOutcome, JsonService, JsonStep} from '../model/index.js'
import type {EksNode} from '../eks/index.js'

/** Writes the service, and which of its endpoints, into the outcomes whose rules chose one. */
export function nameService(eks: EksNode, explanation: JsonExplanation): JsonExplanation {
  for (const outcome of explanation.outcomes) {
    const service = serviceOf(eks, outcome)
    if (service !== null) outcome.service = service
  }
  return explanation
}

/** By the endpoint's chain that translated the destination, or the real server that IPVS chose: the packet met no other after it. */
function serviceOf(eks: EksNode, {steps = []}: JsonOutcome): JsonService | null {
  const server = steps.find(({kind, rule}) => kind === 'ipvs-destination' && rule !== null)
  if (server !== undefined) return virtualService(eks, server)
  for (const {target, chain} of steps) {
    if (target === 'DNAT' && chain !== null && ENDPOINT_CHAIN.test(chain)) return serviceOfChain(eks, chain)
  }
  return null
}

/** Of kube-proxy with iptables, and with nftables. */
const ENDPOINT_CHAIN = /^(KUBE-SEP|endpoint)-/

function serviceOfChain({services}: EksNode, chain: string): JsonService | null {
  const found = services.ofEndpoint(chain)
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
