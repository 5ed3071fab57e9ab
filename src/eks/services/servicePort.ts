import type {ChainRule, IptablesRuleset} from '../../model/index.js'
import type {Address, Family} from '../../net/index.js'

/** Which port of which service. */
export interface ServiceName {
  readonly namespace: string
  readonly name: string
  /** Null where the service's only port has no name. */
  readonly port: string | null
  /** `kube-system/kube-dns:dns`, `default/web`. */
  readonly fullName: string
  readonly protocol: number
}

/** One port of a service, as the rules of kube-proxy show it. */
export interface ServicePort extends ServiceName {
  readonly family: Family
  readonly frontends: readonly Frontend[]
  /** End of the names of its chains; null where no rule leads to one. */
  readonly hash: string | null
  /** Rules that refuse its traffic: it has no endpoints, or none here. */
  readonly refusals: readonly Refusal[]
  readonly ruleset: IptablesRuleset
}

/** An address (or for a node port, every address of the node) and port at which a service is reached. */
export interface Frontend {
  readonly kind: 'cluster IP' | 'external IP' | 'loadbalancer IP' | 'node port'
  /** Null for a node port. */
  readonly address: Address | null
  readonly port: number
  readonly rule: ChainRule
}

export interface Refusal {
  readonly why: 'no endpoints' | 'no local endpoints'
  readonly rule: ChainRule
}

export interface Endpoint {
  readonly address: Address
  readonly port: number | null
  /** Its chain: `KUBE-SEP-…`. */
  readonly chain: string
  /** From 1, in the order of the rules. */
  readonly number: number
  /** Share of new connections without affinity, 0 … 1. */
  readonly probability: number
  /** The DNAT. */
  readonly rule: ChainRule
}
