import {type EksNode, interfaceOf, type Pod, vethName, vethPrefixOf} from '../../eks/index.js'
import type {Evidence} from '../../model/index.js'
import {formatAddress} from '../../net/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {listPods} from '../words.js'

export const podRouteContradicted: Check = {
  code: 'EKS108',
  severity: 'error',
  title: 'A route that leads to the veth of another pod',
  meaning:
    "The name of a pod's veth is computed from its namespace and name. A route to the address of one pod by the veth of another delivers its packets " +
    'to a pod that drops them, or worse, answers.',
  signature:
    "The interface of a pod's route is the veth name of another pod that ipamd lists. Needs `ip route` and names from ipamd.",
  remedy: 'Replace the route, or recreate both pods.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/1166',
  find: findContradicted,
}

function* findContradicted({eks}: AuditedNode): Generator<Fault> {
  const owners = vethOwners(eks)
  for (const pod of eks.pods) {
    if (pod.name === null) continue
    const right = vethName(pod.name.value, vethPrefixOf(eks.state))
    for (const route of pod.routes) {
      const device = interfaceOf(route)
      const owner = device === null || device === right ? undefined : owners.get(device)
      if (device === null || owner === undefined || owner === pod) continue
      const evidence: Evidence[] = [route, ...pod.name.evidence, ...(owner.name?.evidence ?? [])]
      yield {
        text: `The route to ${listPods([pod])} leads to ${device}, the veth of ${listPods([owner])}.`,
        evidence,
        pods: [pod, owner],
        repair: [`ip route replace ${formatAddress(pod.address)} dev ${right} scope link`],
      }
    }
  }
}

function vethOwners(eks: EksNode): Map<string, Pod> {
  const prefix = vethPrefixOf(eks.state)
  const owners = new Map<string, Pod>()
  for (const pod of eks.pods) if (pod.name !== null) owners.set(vethName(pod.name.value, prefix), pod)
  return owners
}
