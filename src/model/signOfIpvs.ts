import type {NodeState} from './node.js'
import type {Evidence} from './source.js'

/** The device that holds the addresses of services where kube-proxy is in IPVS mode. */
export const IPVS_DEVICE = 'kube-ipvs0'

/** Chains of kube-proxy that only IPVS mode has, in use. Its sets tell nothing: they outlive a change of mode. */
const CHAINS = [
  ['nat', 'KUBE-NODE-PORT'],
  ['filter', 'KUBE-IPVS-FILTER'],
] as const

/** What tells that a node has virtual services of IPVS, be they listed or not: the first line that says so, or null. */
export function signOfIpvs(node: Pick<NodeState, 'links' | 'addresses' | 'routing' | 'iptables'>): Evidence | null {
  const {links, addresses, routing, iptables} = node
  return (
    addresses?.find(address => address.interface === IPVS_DEVICE) ??
    links?.find(({name}) => name === IPVS_DEVICE) ??
    [...(routing[4].routes ?? []), ...(routing[6].routes ?? [])].find(
      ({nextHops}) => nextHops[0]?.interface === IPVS_DEVICE,
    ) ??
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

/** Is kube-proxy in another mode? Then its device for virtual addresses is left over, and node ports are none of IPVS. */
export function usesOtherMode({iptables, nft}: Pick<NodeState, 'iptables' | 'nft'>): boolean {
  const leadsToServices = (name: string): boolean => /^KUBE-(SVC|SEP|SVL|EXT)-/.test(name)
  return (
    iptables.some(({tables}) => [...(tables.get('nat')?.chains.keys() ?? [])].some(leadsToServices)) ||
    nft?.tables.some(({name, chains}) => name === 'kube-proxy' && chains.size > 0) === true
  )
}
