import type {Chain, IptablesRuleset, NodeState} from '../../model/index.js'
import {protocolName} from '../../net/index.js'
import {endpointHash} from './chainHash.js'
import {type NftChainName, parseNftChainName} from './nftChainName.js'
import {nftServiceChains} from './nftServiceChains.js'
import {readNftEndpoints} from './readNftEndpoints.js'
import type {ServiceIndex} from './serviceIndex.js'
import {endpointText, hashedNames, serviceOfChain} from './serviceOfChain.js'
import type {Endpoint, ServiceName} from './servicePort.js'

export interface ServiceEndpoint {
  readonly service: ServiceName
  readonly endpoint: Endpoint
  /** How many endpoints the service has. */
  readonly of: number
}

/**
 * The service and the endpoint that a chain stands for, `KUBE-SEP-…`, or `endpoint-…` of nftables. Its comment names the service; where kube-proxy left comments out
 * (more than 1000 endpoints), the name of the chain, which is a hash of both, is recomputed for every service.
 */
export function serviceOfEndpoint(state: NodeState, services: ServiceIndex, name: string): ServiceEndpoint | null {
  for (const ruleset of state.iptables) {
    const chain = ruleset.tables.get('nat')?.chains.get(name)
    const service = chain && (serviceOfChain(chain) ?? serviceByHash(chain, services))
    if (chain === undefined || !service) continue
    const found = findEndpoint(service, chain, ruleset, services)
    if (found !== null) return found
  }
  const nft = parseNftChainName(name)
  return nft?.kind === 'endpoint' ? findNftEndpoint(nft, name, state) : null
}

/** The names of nftables chains are plain; only which of the endpoints it is must be looked up, which needs no other service. */
function findNftEndpoint(service: NftChainName, chain: string, {nft}: NodeState): ServiceEndpoint | null {
  for (const table of nft?.tables ?? []) {
    if (!table.chains.has(chain)) continue
    const rules = {kind: 'nftables', table, chains: nftServiceChains(table)} as const
    const endpoints = readNftEndpoints(service, rules, 'all')
    const endpoint = endpoints.find(known => known.chain === chain)
    if (endpoint !== undefined) return {service, endpoint, of: endpoints.length}
  }
  return null
}

function findEndpoint(
  service: ServiceName,
  {name}: Chain,
  ruleset: IptablesRuleset,
  services: ServiceIndex,
): ServiceEndpoint | null {
  const endpoints = services.endpointsNamed(service, ruleset)
  const endpoint = endpoints.find(known => known.chain === name)
  return endpoint === undefined ? null : {service, endpoint, of: endpoints.length}
}

function serviceByHash(chain: Chain, services: ServiceIndex): ServiceName | null {
  const endpoint = endpointText(chain)
  if (endpoint === null) return null
  const isIts = (service: ServiceName): boolean =>
    hashedNames(service).some(
      name => `KUBE-SEP-${endpointHash(name, protocolName(service.protocol), endpoint)}` === chain.name,
    )
  return services.all.find(isIts) ?? null
}
