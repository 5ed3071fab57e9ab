import {type Address, formatAddress} from '../../net/index.js'
import type {EksNode} from '../eksNode.js'
import {type Pod, podText} from '../pods/pod.js'

/**
 * Whose address it is: `192.168.7.62 (pod default/web-0)`, `10.100.0.10 (service kube-system/kube-dns)`, `192.168.4.93 (this node, eth0)`;
 * the bare address where the capture does not tell.
 */
export function describeAddress(node: EksNode, address: Address): string {
  const whose = describeOwner(node, address)
  return whose === null ? formatAddress(address) : `${formatAddress(address)} (${whose})`
}

function describeOwner(node: EksNode, address: Address): string | null {
  const pod = node.podAt(address)
  if (pod !== null) return describePod(pod)
  const own = node.routing.ownAddresses.get(address)
  if (own !== undefined) return `this node, ${own.interface}`
  if (node.address?.value === address) return 'this node'
  const services = new Set(node.services.at(address).map(({namespace, name}) => `${namespace}/${name}`))
  if (services.size > 0) return `service ${[...services].join(', ')}`
  return null
}

/** `pod default/web-0`, `a pod` where it has no name. */
export function describePod(pod: Pod): string {
  const name = podText(pod)
  return name === null ? 'a pod' : `pod ${name}`
}
