import {contains, parsePrefix, type Prefix} from '../net/index.js'
import type {EksNode} from './eksNode.js'
import {vethPrefixOf} from './pods/findPods.js'
import {isVethName} from './pods/vethName.js'

export type InterfaceRole =
  | 'primary ENI'
  | 'secondary ENI'
  | 'trunk ENI'
  | 'branch ENI'
  | 'pod'
  /** The CNI's second way out of a pod, for the other address family. */
  | 'pod egress'
  | 'loopback'
  | 'docker bridge'
  | 'node-local DNS cache'
  | 'pod identity agent'
  | 'IPVS cluster addresses'
  | 'unknown'

/** Interfaces that are known by their name alone. */
const NAMED: ReadonlyMap<string, InterfaceRole> = new Map([
  ['lo', 'loopback'],
  ['docker0', 'docker bridge'],
  ['nodelocaldns', 'node-local DNS cache'],
  ['pod-id-link0', 'pod identity agent'],
  ['kube-ipvs0', 'IPVS cluster addresses'],
])

/** Addresses that the egress plugin gives to pods, of either family. */
export const EGRESS_BLOCKS: readonly Prefix[] = ['169.254.172.0/22', 'fd00::ac:0/118'].flatMap(
  text => parsePrefix(text) ?? [],
)

/** What an interface of the node is for. */
export function interfaceRole(node: EksNode, name: string): InterfaceRole {
  const named = NAMED.get(name)
  if (named !== undefined) return named
  const eni = node.eniOfInterface(name)
  if (eni !== null) return `${eni.role} ENI`
  if (node.podsOfInterface(name).length > 0 || isVethName(name, vethPrefixOf(node.state))) return 'pod'
  return isEgressVeth(node, name) ? 'pod egress' : 'unknown'
}

function isEgressVeth(node: EksNode, name: string): boolean {
  if (!/^veth[0-9a-f]{8}$/.test(name)) return false
  return [...node.routing.hostRoutes].some(
    ([address, routes]) =>
      routes.some(route => route.nextHops[0]?.interface === name) &&
      EGRESS_BLOCKS.some(block => contains(block, address)),
  )
}
