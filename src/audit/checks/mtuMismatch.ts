import {type EksNode, isVethName, vethPrefixOf} from '../../eks/index.js'
import type {Evidence, Link} from '../../model/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {primaryInterface} from '../connmark.js'

export const mtuMismatch: Check = {
  code: 'EKS405',
  severity: 'warning',
  title: 'Pods send larger packets than the ENI takes',
  meaning:
    "A pod's veth has a larger MTU than the ENI by which its packets leave: they are fragmented or, with DF set as TCP does, refused with an ICMP message that must get through. Small requests work and large answers hang. " +
    'What the path beyond the node takes (1500 by VPN, peering over transit gateways 8500) is not in a capture.',
  signature: 'The MTU of a veth is larger than that of the primary ENI. Needs `ip link` or `ip addr`.',
  remedy: 'Set AWS_VPC_ENI_MTU (or POD_MTU) to what the path takes, restart aws-node, and recreate the pods.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/2606',
  find: findMismatch,
}

function* findMismatch({eks}: AuditedNode): Generator<Fault> {
  const links = eks.state.links ?? []
  const primary = links.find(({name}) => name === primaryInterface(eks))
  const prefix = vethPrefixOf(eks.state)
  if (primary?.mtu == null) return
  const limit = primary.mtu
  const large = links.filter(({name, mtu}) => isVethName(name, prefix) && mtu !== null && mtu > limit)
  const [first] = large
  if (first === undefined) return
  const evidence: Evidence[] = [primary, ...large]
  yield {
    text: `The MTU of ${large.length === 1 ? first.name : `${large.length} veths`} is ${first.mtu ?? '?'}, and that of ${primary.name} is ${limit}.`,
    evidence,
    pods: podsOf(eks, large),
    repair: large.map(({name}) => `ip link set ${name} mtu ${limit}`),
  }
}

function podsOf(eks: EksNode, links: readonly Link[]) {
  return links.flatMap(({name}) => eks.podsOfInterface(name))
}
