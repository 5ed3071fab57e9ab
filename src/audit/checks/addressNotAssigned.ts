import {isVethName, vethPrefixOf} from '../../eks/index.js'
import type {IpamdAddress} from '../../model/index.js'
import {type Address, formatAddress} from '../../net/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {listWords} from '../words.js'

export const addressNotAssigned: Check = {
  code: 'EKS116',
  severity: 'warning',
  title: 'A pod has an address that ipamd holds for free',
  meaning:
    'A route leads to a pod by its veth, and ipamd says that nobody has its address. The pod works, until ipamd gives the address to the next one: then two pods share it. Either the pod is being set up or torn down at this very moment, or ' +
    'ipamd lost its checkpoint.',
  signature:
    'A route by a veth of the CNI to an address that ipamd lists as not assigned, and that its checkpoint does not have either. Needs `ip route` and `/v1/enis`.',
  remedy: 'Capture again. If it still shows, recreate the pod.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/2114',
  find: findFree,
}

function* findFree({eks}: AuditedNode): Generator<Fault> {
  const free = new Map<Address, IpamdAddress>()
  for (const eni of eks.state.ipamd?.enis ?? []) {
    for (const address of eni.addresses) if (!address.assigned) free.set(address.address, address)
  }
  const prefix = vethPrefixOf(eks.state)
  const pods = eks.pods.filter(
    pod =>
      free.has(pod.address) &&
      pod.holdings.length === 0 &&
      pod.name === null &&
      pod.containerId === null &&
      isVethName(pod.hostInterface?.value ?? '', prefix),
  )
  if (pods.length === 0) return
  yield {
    text: `Routes lead to ${listWords(pods.map(({address}) => formatAddress(address)))}, which ipamd holds for free.`,
    evidence: pods.flatMap(pod => [...pod.routes, ...[free.get(pod.address) ?? []].flat()]),
    pods,
    repair: [],
  }
}
