import type {ChainRule, NodeState} from '../model/index.js'
import {type Claim, proven} from './claim.js'
import {rulesOf} from './rulesOf.js'

export type KubeProxyMode = 'iptables' | 'ipvs' | 'nftables'

/** IPVS mode has a few rules, for all services together. */
const MOST_OF_IPVS = 50

/**
 * How kube-proxy sends services to endpoints, by the rules of its entry chain; in nftables mode by its table. Null where the capture
 * shows neither: nftables mode leaves nothing in an iptables-save.
 * A leftover kube-ipvs0 does not count against rules that are in force.
 */
export function findKubeProxyMode(state: NodeState): Claim<KubeProxyMode> | null {
  for (const {tables} of state.iptables) {
    const entry = tables.get('nat')?.chains.get('KUBE-SERVICES')
    // thousands of rules are not read only to look at one of them
    if (entry?.source != null && entry.ruleCount > MOST_OF_IPVS) {
      return proven('iptables', 'a rule for every service', [{source: entry.source, text: entry.text}])
    }
  }
  for (const rule of rulesOf(state, 'nat', 'KUBE-SERVICES')) {
    if (jumpsToService(rule)) return proven('iptables', 'rules that lead to services', [rule])
    if (asksClusterIps(rule)) return proven('ipvs', 'rules that ask the sets of IPVS mode', [rule])
  }
  const table = state.nft?.tables.find(({name, chains}) => name === 'kube-proxy' && chains.size > 0)
  if (table !== undefined) return proven('nftables', 'its table', [table])
  const device = state.links?.find(({name}) => name === 'kube-ipvs0')
  return device === undefined ? null : proven('ipvs', 'its interface for cluster addresses', [device])
}

function jumpsToService({target}: ChainRule): boolean {
  return target.kind === 'jump' && /^KUBE-(SVC|SVL|EXT|FW|XLB)-/.test(target.chain)
}

function asksClusterIps(rule: ChainRule): boolean {
  return rule.matches.some(match => match.kind === 'set' && match.set.endsWith('CLUSTER-IP'))
}
