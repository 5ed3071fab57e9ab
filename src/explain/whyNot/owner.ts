import {type EksNode, type Pod, podText, vethPrefixOf} from '../../eks/index.js'
import {TABLE_MAIN, type TableId} from '../../model/index.js'
import {contains, formatAddress, makePrefix} from '../../net/index.js'

/** The routing table that a pod's packets should use: that of the ENI which holds its address. Null: the capture does not tell. */
export function tableOfPod(eks: EksNode, pod: Pod): TableId | null {
  const eni = eks.eniOfPod(pod)
  if (eni?.proven === true && eni.value.table !== null) return eni.value.table.value
  if (pod.table !== null && pod.table.value !== TABLE_MAIN) return pod.table.value
  return tableOfSubnet(eks, pod)
}

/** Where one ENI alone has an address in the pod's subnet, the pod is its. */
function tableOfSubnet({state, enis}: EksNode, {address}: Pod): TableId | null {
  const near = (state.addresses ?? []).filter(
    own =>
      own.prefixLength < 32 && own.scope === 'global' && contains(makePrefix(own.address, own.prefixLength), address),
  )
  const names = new Set(near.map(own => own.interface))
  const owners = enis.filter(({interface: device}) => device !== null && names.has(device.value))
  return owners.length === 1 && names.size === 1 ? (owners[0]?.table?.value ?? null) : null
}

export function nameOf(pod: Pod): string {
  const name = podText(pod)
  return name === null ? `the pod ${formatAddress(pod.address)}` : `pod ${name} (${formatAddress(pod.address)})`
}

/** A pod with security groups of its own, in strict mode: what it sends and receives passes the VPC, even within the node. */
export function isBranchPod(eks: EksNode, {hostInterface}: Pod): boolean {
  return hostInterface !== null && hostInterface.value.startsWith('vlan') && vethPrefixOf(eks.state) !== 'vlan'
}
