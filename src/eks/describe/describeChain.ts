import type {EksNode} from '../eksNode.js'
import {type NftChainName, parseNftChainName} from '../services/nftChainName.js'
import {serviceOfChain} from '../services/serviceOfChain.js'
import type {Endpoint, ServiceName} from '../services/servicePort.js'

/** What the chains of a service do, by the beginning of their names. */
const PURPOSES: ReadonlyMap<string, string> = new Map([
  ['SVC', ''],
  ['SVL', ', endpoints of this node'],
  ['XLB', ', from outside the cluster'],
  ['EXT', ', from outside the cluster'],
  ['FW', ', allowed sources'],
])
const NFT_PURPOSES = {
  service: '',
  local: ', endpoints of this node',
  external: ', from outside the cluster',
  firewall: ', allowed sources',
} as const

/**
 * What a chain of kube-proxy stands for: `kube-system/kube-dns:dns`, `kube-system/kube-dns:dns endpoint 1 of 2, 50 %`.
 * Null for chains that are not about one service.
 */
export function describeChain(node: EksNode, chain: string): string | null {
  const nft = parseNftChainName(chain)
  if (nft !== null) return describeNftChain(node, chain, nft)
  const [, kind] = /^KUBE-([A-Z]+)-[A-Z2-7]{16}$/.exec(chain) ?? []
  if (kind === undefined) return null
  if (kind !== 'SEP') {
    const service = namedByItself(node, chain) ?? node.services.ofChain(chain)
    return service && `${service.fullName}${PURPOSES.get(kind) ?? ''}`
  }
  const found = node.services.ofEndpoint(chain)
  if (found === null) return null
  return endpointText(found.service.fullName, found.endpoint, found.of)
}

function endpointText(service: string, {number, probability}: Endpoint, of: number): string {
  return `${service} endpoint ${number} of ${of}, ${percent(probability)}`
}

/** The names of nftables chains are plain; only which of the endpoints it is must be looked up. */
function describeNftChain(node: EksNode, chain: string, {kind, fullName}: NftChainName): string {
  if (kind !== 'endpoint') return `${fullName}${NFT_PURPOSES[kind]}`
  const found = node.services.ofEndpoint(chain)
  if (found !== null) return endpointText(fullName, found.endpoint, found.of)
  return `${fullName} endpoint`
}

/** By the comments of its own rules, which saves reading all services. */
function namedByItself(node: EksNode, name: string): ServiceName | null {
  for (const ruleset of node.state.iptables) {
    const chain = ruleset.tables.get('nat')?.chains.get(name)
    const service = chain === undefined ? null : serviceOfChain(chain)
    if (service !== null) return service
  }
  return null
}

/** At most two digits after the point: `50 %`, `33.33 %`. */
function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`
}
