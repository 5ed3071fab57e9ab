import type {ChainRule, IptablesRuleset, NodeState, TableName} from '../../model/index.js'
import {type Address, addressBits} from '../../net/index.js'
import {parseServiceComment, type ServiceComment} from './serviceComment.js'
import type {Frontend, Refusal, ServicePort} from './servicePort.js'

/** The chains whose rules lead to services, in nat. */
const ENTRIES = ['KUBE-SERVICES', 'KUBE-NODEPORTS']
/** The chains whose rules refuse services, in filter. */
const REFUSALS = ['KUBE-SERVICES', 'KUBE-EXTERNAL-SERVICES']

type Draft = Omit<ServicePort, 'frontends' | 'refusals'> & {
  hash: string | null
  frontends: Frontend[]
  refusals: Refusal[]
}

/**
 * The services of kube-proxy's iptables mode, read from its entry chains when first asked for: two rules or so for a service, however many
 * endpoints it has. The chains of services themselves are read one by one, on demand.
 */
export class ServiceIndex {
  readonly #state: NodeState
  #services: readonly ServicePort[] | undefined
  #byHash: ReadonlyMap<string, ServicePort> | undefined
  #byName: ReadonlyMap<string, readonly ServicePort[]> | undefined
  #byAddress: ReadonlyMap<Address, readonly ServicePort[]> | undefined

  constructor(state: NodeState) {
    this.#state = state
  }

  get all(): readonly ServicePort[] {
    return (this.#services ??= this.#state.iptables.flatMap(readServices))
  }

  /** @param chain `KUBE-SVC-…`, `KUBE-EXT-…` and the like, of a service itself */
  ofChain(chain: string): ServicePort | null {
    const [, hash] = /^KUBE-(?:SVC|SVL|EXT|FW|XLB)-([A-Z2-7]{16})$/.exec(chain) ?? []
    this.#byHash ??= new Map(this.all.flatMap(service => (service.hash === null ? [] : [[service.hash, service]])))
    return hash === undefined ? null : (this.#byHash.get(hash) ?? null)
  }

  /** @param name `namespace/name:port`, or `namespace/name` for all its ports */
  named(name: string): readonly ServicePort[] {
    this.#byName ??= group(this.all, service => [service.fullName, `${service.namespace}/${service.name}`])
    return this.#byName.get(name) ?? []
  }

  /** Every service with a frontend at an address; node ports are on no address of their own. */
  at(address: Address): readonly ServicePort[] {
    this.#byAddress ??= group(this.all, ({frontends}) => frontends.flatMap(frontend => frontend.address ?? []))
    return this.#byAddress.get(address) ?? []
  }
}

function readServices(ruleset: IptablesRuleset): ServicePort[] {
  const services = new Map<string, Draft>()
  const byHash = new Map<string, Draft>()
  for (const rule of chainRules(ruleset, 'nat', ENTRIES)) {
    const hash = hashOf(rule)
    const service = serviceOf(rule, services, ruleset) ?? byHash.get(hash ?? '')
    if (service === undefined) continue
    if (hash !== null) {
      service.hash = hash
      byHash.set(hash, service)
    }
    const frontend = readFrontend(rule)
    if (frontend !== null && !service.frontends.some(known => sameFrontend(known, frontend)))
      service.frontends.push(frontend)
  }
  for (const rule of chainRules(ruleset, 'filter', REFUSALS)) {
    const why = /has (no endpoints|no local endpoints)$/.exec(rule.comment ?? '')?.[1]
    const service = why === undefined ? undefined : serviceOf(rule, services, ruleset)
    if (why === undefined || service === undefined) continue
    service.refusals.push({why: why as Refusal['why'], rule})
    const frontend = readFrontend(rule)
    if (frontend !== null && !service.frontends.some(known => sameFrontend(known, frontend)))
      service.frontends.push(frontend)
  }
  return [...services.values()]
}

function* chainRules(ruleset: IptablesRuleset, table: TableName, chains: readonly string[]): Generator<ChainRule> {
  for (const chain of chains) yield* ruleset.tables.get(table)?.chains.get(chain)?.rules ?? []
}

/** The service a rule's comment names; undefined where it names none, or the rule has no protocol. */
function serviceOf(rule: ChainRule, services: Map<string, Draft>, ruleset: IptablesRuleset): Draft | undefined {
  const comment = parseServiceComment(rule.comment ?? '')
  const protocol = protocolOf(rule)
  if (comment === null || protocol === null) return undefined
  const key = `${comment.fullName} ${protocol}`
  const service = services.get(key) ?? emptyService(comment, protocol, ruleset)
  services.set(key, service)
  return service
}

function emptyService(comment: ServiceComment, protocol: number, ruleset: IptablesRuleset): Draft {
  const {namespace, name, port, fullName} = comment
  return {
    namespace,
    name,
    port,
    fullName,
    protocol,
    family: ruleset.family,
    frontends: [],
    hash: null,
    refusals: [],
    ruleset,
  }
}

function hashOf({target}: ChainRule): string | null {
  if (target.kind !== 'jump' && target.kind !== 'goto') return null
  return /^KUBE-(?:SVC|SVL|EXT|FW|XLB)-([A-Z2-7]{16})$/.exec(target.chain)?.[1] ?? null
}

function protocolOf(rule: ChainRule): number | null {
  for (const match of rule.matches) if (match.kind === 'protocol' && !match.negated) return match.protocol
  return null
}

function readFrontend(rule: ChainRule): Frontend | null {
  let address: Address | null = null
  let port: number | null = null
  for (const match of rule.matches) {
    if (match.negated) continue
    if (match.kind === 'destination-port' && match.range.min === match.range.max) port = match.range.min
    if (match.kind === 'destination' && 'length' in match.prefix) {
      if (match.prefix.length === addressBits(match.prefix.family)) ({address} = match.prefix)
    }
  }
  if (port === null) return null
  if (address === null) return {kind: 'node port', address, port, rule}
  const kind = /(external|loadbalancer) IP$/.exec(rule.comment ?? '')?.[0] as Frontend['kind'] | undefined
  return {kind: kind ?? 'cluster IP', address, port, rule}
}

function sameFrontend(a: Frontend, b: Frontend): boolean {
  return a.port === b.port && a.address === b.address
}

function group<K, V>(values: readonly V[], keysOf: (value: V) => readonly K[]): Map<K, V[]> {
  const groups = new Map<K, V[]>()
  for (const value of values) {
    for (const key of new Set(keysOf(value))) groups.set(key, [...(groups.get(key) ?? []), value])
  }
  return groups
}
