import type {NodeState} from './node.js'
import type {Evidence} from './source.js'

/** The device that holds the addresses of services where kube-proxy is in IPVS mode. */
export const IPVS_DEVICE = 'kube-ipvs0'

/** Chains and a set of kube-proxy that only IPVS mode has, in use. */
const CHAINS = [
  ['nat', 'KUBE-NODE-PORT'],
  ['filter', 'KUBE-IPVS-FILTER'],
] as const
const SET = 'KUBE-CLUSTER-IP'

/** What tells that a node has virtual services of IPVS, be they listed or not: the first line that says so, or null. */
export function signOfIpvs(
  node: Pick<NodeState, 'links' | 'addresses' | 'routing' | 'iptables' | 'ipsets'>,
): Evidence | null {
  const {links, addresses, routing, iptables, ipsets} = node
  return (
    addresses?.find(address => address.interface === IPVS_DEVICE) ??
    links?.find(({name}) => name === IPVS_DEVICE) ??
    [...(routing[4].routes ?? []), ...(routing[6].routes ?? [])].find(
      ({nextHops}) => nextHops[0]?.interface === IPVS_DEVICE,
    ) ??
    ipsets?.get(SET) ??
    ipsets?.get(SET.replace('-', '-6-')) ??
    iptables.flatMap(chainsOfIpvs)[0] ??
    null
  )
}

function chainsOfIpvs({tables}: NodeState['iptables'][number]): Evidence[] {
  return CHAINS.flatMap(([table, name]) => {
    const chain = tables.get(table)?.chains.get(name)
    return chain?.source == null || chain.ruleCount === 0 ? [] : [{source: chain.source, text: chain.text}]
  })
}
