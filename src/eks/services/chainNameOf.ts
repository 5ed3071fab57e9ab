import {nftChainKey} from './nftChainName.js'
import type {ServicePort} from './servicePort.js'

/** The chain that chooses among a service's endpoints: all of them, or with `local` those of this node; null where it has none. */
export function chainNameOf(service: ServicePort, reach: 'all' | 'local' = 'all'): string | null {
  const {rules, hash} = service
  if (rules.kind === 'nftables') {
    return rules.chains.get(nftChainKey(reach === 'all' ? 'service' : 'local', service))?.name ?? null
  }
  const chains = rules.ruleset.tables.get('nat')?.chains
  const names = (reach === 'all' ? ['KUBE-SVC-'] : ['KUBE-SVL-', 'KUBE-XLB-']).map(prefix => prefix + (hash ?? ''))
  return names.find(name => chains?.has(name)) ?? null
}
