import type {NodeState} from '../../model/index.js'
import {formatAddress, protocolName} from '../../net/index.js'
import {endpointHash} from './chainHash.js'
import {endpointsOf} from './endpointsOf.js'
import {parseServiceComment} from './serviceComment.js'
import type {ServiceIndex} from './serviceIndex.js'
import type {Endpoint, ServicePort} from './servicePort.js'

export interface ServiceEndpoint {
  readonly service: ServicePort
  readonly endpoint: Endpoint
  /** How many endpoints the service has. */
  readonly of: number
}

/**
 * The service and the endpoint that a KUBE-SEP-… chain stands for. Its comment names the service; where kube-proxy left comments out
 * (more than 1000 endpoints), the name of the chain, which is a hash of both, is recomputed for every service.
 */
export function serviceOfEndpoint(state: NodeState, services: ServiceIndex, chain: string): ServiceEndpoint | null {
  for (const candidate of candidates(state, services, chain)) {
    const endpoints = endpointsOf(candidate)
    const endpoint = endpoints.find(known => known.chain === chain)
    if (endpoint !== undefined) return {service: candidate, endpoint, of: endpoints.length}
  }
  return null
}

function* candidates(state: NodeState, services: ServiceIndex, chain: string): Generator<ServicePort> {
  const end = chain.slice('KUBE-SEP-'.length)
  for (const ruleset of state.iptables) {
    for (const {comment, target} of ruleset.tables.get('nat')?.chains.get(chain)?.rules ?? []) {
      const name = parseServiceComment(comment ?? '')?.fullName
      if (name !== undefined) yield* services.named(name)
      const range = target.kind === 'dnat' ? target.ranges[0] : undefined
      if (name !== undefined || range?.first == null || range.ports === null) continue
      const host = formatAddress(range.first)
      const endpoint = `${host.includes(':') ? `[${host}]` : host}:${range.ports.min}`
      for (const service of services.all) {
        if (endpointHash(service.fullName, protocolName(service.protocol), endpoint) === end) yield service
      }
    }
  }
}
