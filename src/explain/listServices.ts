import {chainNameOf, type EksNode, type Endpoint, endpointsOf, type ServicePort} from '../eks/index.js'
import type {JsonEndpointRow, JsonServiceRow} from '../model/index.js'
import {formatAddress, protocolName} from '../net/index.js'
import {listVirtualService} from './listVirtualService.js'
import {whereItRuns} from './whereItRuns.js'

/**
 * Every endpoint of every service, in the order of kube-proxy's rules; behind them the virtual services of IPVS with their real servers.
 * Null: the capture has nothing that could hold services.
 */
export function listServices(eks: EksNode): JsonServiceRow[] | null {
  const {iptables, nft, ipvs} = eks.state
  if (iptables.length === 0 && nft === null && ipvs.services === null) return null
  return [
    ...eks.services.all.flatMap(service => rowsOf(service, eks)),
    ...(ipvs.services ?? []).flatMap(service => listVirtualService(service, eks)),
  ]
}

function rowsOf(service: ServicePort, eks: EksNode): JsonServiceRow[] {
  const [refusal] = service.refusals
  const common = {
    service: service.fullName,
    namedBy: service.namedBy,
    family: service.family,
    protocol: protocolName(service.protocol),
    frontends: service.frontends.map(({kind, address, port, rule}) => ({
      kind,
      address: address === null ? null : formatAddress(address),
      port,
      source: rule.source,
    })),
    refusal: refusal === undefined ? null : {why: refusal.why, source: refusal.rule.source},
    scheduler: null,
  }
  const rows = (['all', 'local'] as const).flatMap(reach => {
    const chain = chainNameOf(service, reach)
    const endpoints = chain === null ? [] : endpointsOf(service, reach)
    return endpoints.map(endpoint => ({
      ...common,
      reach,
      chain,
      endpoint: endpointRow(endpoint, endpoints.length, eks),
      source: endpoint.rule.source,
    }))
  })
  if (rows.length > 0) return rows
  const source = (refusal?.rule ?? service.frontends[0]?.rule)?.source ?? null
  return [{...common, reach: 'all', chain: chainNameOf(service), endpoint: null, source}]
}

function endpointRow({address, port, chain, number, probability}: Endpoint, of: number, eks: EksNode): JsonEndpointRow {
  return {address: formatAddress(address), port, chain, number, of, probability, ...whereItRuns(address, eks)}
}
