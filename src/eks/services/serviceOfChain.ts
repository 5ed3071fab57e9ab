import type {Chain, IptablesRuleset} from '../../model/index.js'
import {formatAddress, hostPort, protocolName} from '../../net/index.js'
import {endpointHash, serviceHash} from './chainHash.js'
import {parseServiceComment, type ServiceComment} from './serviceComment.js'
import type {ServiceName} from './servicePort.js'

/** Protocols of services, in order of frequency. */
const PROTOCOLS = [6, 17, 132]

/**
 * The service that a KUBE-SVC-… or KUBE-SEP-… chain belongs to, by the comments of its own rules, so that the other services need not be
 * read. A name counts only where the chain's name is its hash. Null where the rules have no comments (kube-proxy leaves them out
 * above 1000 endpoints).
 */
export function serviceOfChain(chain: Chain): ServiceName | null {
  const [, kind, end] = /^KUBE-(SVC|SVL|XLB|SEP)-([A-Z2-7]{16})$/.exec(chain.name) ?? []
  if (kind === undefined || end === undefined) return null
  for (const {comment} of chain.rules) {
    const parsed = parseServiceComment(comment ?? '')
    if (parsed === null) continue
    const endpoint = kind === 'SEP' ? endpointText(chain) : ''
    for (const protocol of endpoint === null ? [] : PROTOCOLS) {
      const hash = (name: string): string =>
        kind === 'SEP'
          ? endpointHash(name, protocolName(protocol), endpoint ?? '')
          : serviceHash(name, protocolName(protocol))
      if (hashedNames(parsed).some(name => hash(name) === end)) return nameOf(parsed, protocol)
    }
  }
  return null
}

/** What kube-proxy hashes. Before 1.14 the colon stands even where the port has no name. */
export function hashedNames({fullName, port}: Pick<ServiceName, 'fullName' | 'port'>): string[] {
  return port === null ? [fullName, `${fullName}:`] : [fullName]
}

/** The chain of a service that chooses among its endpoints; undefined where it has none in this ruleset. */
export function chainOfService(service: ServiceName, ruleset: IptablesRuleset): Chain | undefined {
  const chains = ruleset.tables.get('nat')?.chains
  return hashedNames(service)
    .map(name => chains?.get(`KUBE-SVC-${serviceHash(name, protocolName(service.protocol))}`))
    .find(chain => chain !== undefined)
}

/** Where an endpoint's chain sends packets, as kube-proxy hashes it: `192.0.2.1:53`, `[2001:db8::1]:53`. */
export function endpointText(chain: Chain): string | null {
  for (const {target} of chain.rules) {
    const range = target.kind === 'dnat' ? target.ranges[0] : undefined
    if (range?.first == null || range.ports === null) continue
    return hostPort(formatAddress(range.first), range.ports.min)
  }
  return null
}

function nameOf({namespace, name, port, fullName}: ServiceComment, protocol: number): ServiceName {
  return {namespace, name, port, fullName, protocol}
}
