import type {Evidence, IptablesRuleset, NftChain, NftTable} from '../../model/index.js'
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
  /**
   * How its name is known: by the comment of a rule; by the name of its chain, which is a hash of it (iptables) or spells it (nftables); or
   * not at all: then the name of the chain stands for it.
   */
  readonly namedBy: 'comment' | 'chain hash' | 'chain name' | 'nothing'
  readonly family: Family
  readonly frontends: readonly Frontend[]
  /** End of the names of its chains in iptables; null where no rule leads to one, and in nftables. */
  readonly hash: string | null
  /** Rules that refuse its traffic: it has no endpoints, or none here. */
  readonly refusals: readonly Refusal[]
  readonly rules: ServiceRules
}

/** Where kube-proxy's rules stand. */
export type ServiceRules =
  | {readonly kind: 'iptables'; readonly ruleset: IptablesRuleset}
  | {
      readonly kind: 'nftables'
      readonly table: NftTable
      /** Chains of services by what they are for, as `nftChainKey` makes it of their names. */
      readonly chains: ReadonlyMap<string, NftChain>
    }

/** An address (or for a node port, every address of the node) and port at which a service is reached. */
export interface Frontend {
  /** In nftables, addresses of load balancers look like other external ones. */
  readonly kind: 'cluster IP' | 'external IP' | 'loadbalancer IP' | 'node port'
  /** Null for a node port. */
  readonly address: Address | null
  readonly port: number
  readonly rule: Evidence
}

export interface Refusal {
  readonly why: 'no endpoints' | 'no local endpoints'
  readonly rule: Evidence
}

export interface Endpoint {
  readonly address: Address
  readonly port: number | null
  /** Its chain: `KUBE-SEP-…`, `endpoint-…`; that of the service where it has none of its own. */
  readonly chain: string
  /** From 1, in the order of the rules. */
  readonly number: number
  /** Share of new connections without affinity, 0 … 1. */
  readonly probability: number
  /** What translates to it. */
  readonly rule: Evidence
}
