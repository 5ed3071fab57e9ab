import type {EksNode} from '../eksNode.js'
import {serviceOfChain} from '../services/serviceOfChain.js'
import {serviceOfEndpoint} from '../services/serviceOfEndpoint.js'
import type {ServiceName} from '../services/servicePort.js'

/** What the chains of a service do, by the beginning of their names. */
const PURPOSES: ReadonlyMap<string, string> = new Map([
  ['SVC', ''],
  ['SVL', ', endpoints of this node'],
  ['XLB', ', from outside the cluster'],
  ['EXT', ', from outside the cluster'],
  ['FW', ', allowed sources'],
])

/**
 * What a chain of kube-proxy stands for: `kube-system/kube-dns:dns`, `kube-system/kube-dns:dns endpoint 1 of 2, 50 %`.
 * Null for chains that are not about one service.
 */
export function describeChain(node: EksNode, chain: string): string | null {
  const [, kind] = /^KUBE-([A-Z]+)-[A-Z2-7]{16}$/.exec(chain) ?? []
  if (kind === undefined) return null
  if (kind !== 'SEP') {
    const service = namedByItself(node, chain) ?? node.services.ofChain(chain)
    return service && `${service.fullName}${PURPOSES.get(kind) ?? ''}`
  }
  const found = serviceOfEndpoint(node.state, node.services, chain)
  if (found === null) return null
  const {service, endpoint, of} = found
  return `${service.fullName} endpoint ${endpoint.number} of ${of}, ${percent(endpoint.probability)}`
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
