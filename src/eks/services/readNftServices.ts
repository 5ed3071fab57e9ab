import type {NftElement, NftPattern, NftTable} from '../../model/index.js'
import type {Address} from '../../net/index.js'
import {parseNftChainName} from './nftChainName.js'
import {nftServiceChains} from './nftServiceChains.js'
import {parseServiceComment} from './serviceComment.js'
import type {Frontend, Refusal, ServiceName, ServicePort, ServiceRules} from './servicePort.js'

type NftRules = Extract<ServiceRules, {kind: 'nftables'}>

type Draft = Omit<ServicePort, 'frontends' | 'refusals'> & {
  readonly frontends: Frontend[]
  readonly refusals: Refusal[]
}

/** The services of kube-proxy's nftables mode, by the maps that lead to their chains; none for other tables. */
export function readNftServices(table: NftTable): ServicePort[] {
  if (table.name !== 'kube-proxy') return []
  const services = new Map<string, Draft>()
  const rules = {kind: 'nftables', table, chains: nftServiceChains(table)} as const
  const draft = (name: ServiceName, namedBy: ServicePort['namedBy']): Draft => {
    const key = `${name.fullName} ${name.protocol}`
    const service = services.get(key) ?? emptyService(name, namedBy, rules)
    services.set(key, service)
    return service
  }
  for (const map of ['service-ips', 'service-nodeports']) {
    for (const element of table.sets.get(map)?.elements ?? []) {
      const chain = element.verdict?.kind === 'goto' ? parseNftChainName(element.verdict.chain) : null
      const frontend = readFrontend(element, chain?.kind === 'service' ? 'cluster IP' : 'external IP')
      if (chain !== null && frontend !== null) draft(chain, 'chain name').frontends.push(frontend)
    }
  }
  for (const element of table.sets.get('no-endpoint-services')?.elements ?? []) {
    const name = nameOfRefused(element)
    const frontend = readFrontend(element, 'cluster IP')
    if (name === null || frontend === null) continue
    const service = draft(name, 'comment')
    service.frontends.push(frontend)
    service.refusals.push({
      why: element.verdict?.kind === 'drop' ? 'no local endpoints' : 'no endpoints',
      rule: element,
    })
  }
  return [...services.values()]
}

/** Full names of the services that have a refusal. */
export function refusedByNft(table: NftTable): string[] {
  if (table.name !== 'kube-proxy') return []
  return (table.sets.get('no-endpoint-services')?.elements ?? []).flatMap(
    element => nameOfRefused(element)?.fullName ?? [],
  )
}

function emptyService(
  {namespace, name, port, fullName, protocol}: ServiceName,
  namedBy: ServicePort['namedBy'],
  rules: NftRules,
): Draft {
  return {
    namedBy,
    namespace,
    name,
    port,
    fullName,
    protocol,
    family: rules.table.family === 'ip6' ? 6 : 4,
    frontends: [],
    hash: null,
    refusals: [],
    rules,
  }
}

/** `10.96.0.10 . udp . 53`, or for a node port `tcp . 31080`. */
function readFrontend(element: NftElement, kind: Frontend['kind']): Frontend | null {
  const values = element.key?.map(numberOf) ?? []
  const port = values.at(-1)
  if (typeof port !== 'number') return null
  if (values.length === 2) return {kind: 'node port', address: null, port, rule: element}
  const [address] = values
  return values.length === 3 && address != null ? {kind, address: address as Address, port, rule: element} : null
}

/** Services without endpoints have no chain: kube-proxy writes their name into the comment of the element. */
function nameOfRefused(element: NftElement): ServiceName | null {
  const comment = parseServiceComment(/ comment "([^"]*)"/.exec(element.text)?.[1] ?? '')
  const protocol = numberOf(element.key?.at(-2))
  if (comment === null || typeof protocol !== 'number') return null
  const {namespace, name, port, fullName} = comment
  return {namespace, name, port, fullName, protocol}
}

function numberOf(pattern: NftPattern | undefined): number | bigint | null {
  return pattern?.kind === 'value' && typeof pattern.value !== 'string' ? pattern.value : null
}
