import type {Chain, ChainRule, IptablesRuleset} from '../../model/index.js'
import {chainNameOf} from './chainNameOf.js'
import {readNftEndpoints} from './readNftEndpoints.js'
import type {Endpoint, ServicePort} from './servicePort.js'

/** Two probabilities closer than this are one: iptables keeps 31 bits. */
const EPSILON = 1e-8

/** The endpoints of a service in the order of its rules: all of them, or with `local` those of this node. */
export function endpointsOf(service: ServicePort, reach: 'all' | 'local' = 'all'): readonly Endpoint[] {
  const {rules} = service
  if (rules.kind === 'nftables') return readNftEndpoints(service, rules, reach)
  const chain = natChains(rules.ruleset)?.get(chainNameOf(service, reach) ?? '')
  return chain === undefined ? [] : readEndpoints(chain, rules.ruleset)
}

/** @param chain of a service, whose rules choose among endpoints */
export function readEndpoints(chain: Chain, ruleset: IptablesRuleset): Endpoint[] {
  const endpoints: Endpoint[] = []
  let left = 1
  for (const rule of chain.rules) {
    const target = rule.target.kind === 'jump' ? rule.target.chain : ''
    // the rules before with `recent` send a client back to the endpoint it had
    if (!target.startsWith('KUBE-SEP-') || rule.matches.some(({kind}) => kind === 'recent')) continue
    const share = rule.matches.find(match => match.kind === 'statistic-random')
    const probability = left * (share?.probability ?? 1)
    left -= probability
    const dnat = findDnat(natChains(ruleset)?.get(target))
    const first = dnat?.target.kind === 'dnat' ? dnat.target.ranges[0] : undefined
    if (dnat === undefined || first?.first == null) continue
    const number = endpoints.length + 1
    endpoints.push({
      address: first.first,
      port: first.ports?.min ?? null,
      chain: target,
      number,
      probability,
      rule: dnat,
    })
  }
  return evenOut(endpoints)
}

/** kube-proxy gives each of n endpoints 1/n, by rules of 1/n, 1/(n-1) … 1; iptables rounds them on the way. */
function evenOut(endpoints: Endpoint[]): Endpoint[] {
  const even = 1 / endpoints.length
  const isEven = endpoints.every(({probability}) => Math.abs(probability - even) < EPSILON * endpoints.length)
  return isEven ? endpoints.map(endpoint => ({...endpoint, probability: even})) : endpoints
}

function findDnat(chain: Chain | undefined): ChainRule | undefined {
  return chain?.rules.find(({target}) => target.kind === 'dnat')
}

function natChains(ruleset: IptablesRuleset): ReadonlyMap<string, Chain> | undefined {
  return ruleset.tables.get('nat')?.chains
}
