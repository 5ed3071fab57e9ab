import type {IptablesRuleset, NodeState} from '../../model/index.js'
import type {Address} from '../../net/index.js'
import {readEndpoints} from './endpointsOf.js'
import {readIptablesServices, refusedByIptables} from './readIptablesServices.js'
import {readNftServices, refusedByNft} from './readNftServices.js'
import {type ServiceEndpoint, serviceOfEndpoint} from './serviceOfEndpoint.js'
import {chainOfService} from './serviceOfChain.js'
import type {Endpoint, ServiceName, ServicePort} from './servicePort.js'

/**
 * The services of kube-proxy, read from its entry chains or maps when first asked for: two rules or so for a service, however many
 * endpoints it has. The chains of services themselves are read one by one, on demand.
 */
export class ServiceIndex {
  readonly #state: NodeState
  #services: readonly ServicePort[] | undefined
  #refused: ReadonlySet<string> | undefined
  #byHash: ReadonlyMap<string, ServicePort> | undefined
  #byName: ReadonlyMap<string, readonly ServicePort[]> | undefined
  #byAddress: ReadonlyMap<Address, readonly ServicePort[]> | undefined
  readonly #byEndpoint = new Map<string, ServiceEndpoint | null>()
  readonly #endpoints = new Map<IptablesRuleset, Map<string, readonly Endpoint[]>>()

  constructor(state: NodeState) {
    this.#state = state
  }

  get all(): readonly ServicePort[] {
    const {iptables, nft} = this.#state
    return (this.#services ??= [
      ...iptables.flatMap(readIptablesServices),
      ...(nft?.tables ?? []).flatMap(readNftServices),
    ])
  }

  /** Full names of the services that some rule refuses: `all` would tell, and reads thousands of rules for it. */
  get refused(): ReadonlySet<string> {
    const {iptables, nft} = this.#state
    return (this.#refused ??= new Set([
      ...iptables.flatMap(refusedByIptables),
      ...(nft?.tables ?? []).flatMap(refusedByNft),
    ]))
  }

  /** @param chain `KUBE-SVC-…`, `KUBE-EXT-…` and the like, of a service itself */
  ofChain(chain: string): ServicePort | null {
    const [, hash] = /^KUBE-(?:SVC|SVL|EXT|FW|XLB)-([A-Z2-7]{16})$/.exec(chain) ?? []
    this.#byHash ??= new Map(this.all.flatMap(service => (service.hash === null ? [] : [[service.hash, service]])))
    return hash === undefined ? null : (this.#byHash.get(hash) ?? null)
  }

  /** Whose endpoint a chain stands for. That follows from hashes, which cost more than a walk: each chain is asked once. */
  ofEndpoint(chain: string): ServiceEndpoint | null {
    let found = this.#byEndpoint.get(chain)
    if (found === undefined) {
      found = serviceOfEndpoint(this.#state, this, chain)
      this.#byEndpoint.set(chain, found)
    }
    return found
  }

  /** The endpoints of a service of iptables by the chain that its name hashes to: each of them asks for all. */
  endpointsNamed(service: ServiceName, ruleset: IptablesRuleset): readonly Endpoint[] {
    let known = this.#endpoints.get(ruleset)
    if (known === undefined) this.#endpoints.set(ruleset, (known = new Map<string, readonly Endpoint[]>()))
    const key = `${service.fullName} ${service.protocol}`
    let endpoints = known.get(key)
    if (endpoints === undefined) {
      const chain = chainOfService(service, ruleset)
      endpoints = chain === undefined ? [] : readEndpoints(chain, ruleset)
      known.set(key, endpoints)
    }
    return endpoints
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

function group<K, V>(values: readonly V[], keysOf: (value: V) => readonly K[]): Map<K, V[]> {
  const groups = new Map<K, V[]>()
  for (const value of values) {
    for (const key of new Set(keysOf(value))) {
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [value])
      else group.push(value)
    }
  }
  return groups
}
