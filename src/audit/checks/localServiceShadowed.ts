import {interfaceOf, type EksNode} from '../../eks/index.js'
import type {Flow} from '../../model/index.js'
import {type Address, formatAddress, parseIpv4} from '../../net/index.js'
import {readStrictBranches, type StrictBranches} from '../branchPods.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {tcpProbe} from '../probe.js'
import {listWords} from '../words.js'

/** Addresses that something on every node listens on. */
const LOCAL_SERVICES: ReadonlyMap<Address, string> = new Map(
  (
    [
      ['169.254.20.10', 'the node-local DNS cache'],
      ['169.254.170.23', 'the pod identity agent'],
    ] as const
  ).flatMap(([text, name]) => {
    const address = parseIpv4(text)
    return address === null ? [] : [[address, name] as const]
  }),
)

export const localServiceShadowed: Check = {
  code: 'EKS113',
  severity: 'warning',
  title: 'Pods with security groups cannot reach services of their node',
  meaning:
    'In strict mode everything that a pod with security groups of its own sends leaves by its branch ENI: the rules for its interface (10) come before the local table ' +
    '(20). That holds for addresses of the node as well, so that the pod asks the VPC for the node-local DNS cache or the pod identity agent, and ' +
    'gets no answer.',
  signature:
    'Rules `iif vlan…` before the rule of the local table, and the node has 169.254.20.10 or 169.254.170.23. Needs `ip rule`, and the addresses of the node.',
  remedy:
    'Set POD_SECURITY_GROUP_ENFORCING_MODE=standard and recreate the pods, or do not use these services in such pods (`dnsPolicy`, IAM roles for service accounts).',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/1384',
  find: findShadowed,
}

function* findShadowed({eks}: AuditedNode): Generator<Fault> {
  const strict = readStrictBranches(eks)
  const found = [...LOCAL_SERVICES].flatMap(([address, name]) => {
    const own = eks.routing.ownAddresses.get(address)
    return own === undefined ? [] : [{own, address, text: `${name} (${formatAddress(address)})`}]
  })
  if (strict === null || found.length === 0) return
  yield {
    text: `${listWords(found.map(({text}) => text))} cannot be reached by pods with security groups of their own: what they send leaves by their branch ENI.`,
    evidence: [...strict.rules, strict.local, ...found.map(({own}) => own)],
    pods: eks.pods.filter(pod => strict.rules.some(({iif}) => iif?.name === pod.hostInterface?.value)),
    flow: flowFromBranch(eks, strict, found[0]?.address ?? null),
    repair: ['kubectl -n kube-system set env daemonset aws-node POD_SECURITY_GROUP_ENFORCING_MODE=standard'],
  }
}

/** From a pod behind a veth that one of the rules is about; the other rules are about the VLANs of branches. */
function flowFromBranch(eks: EksNode, {rules}: StrictBranches, address: Address | null): Flow | null {
  const veths = new Set(rules.map(({iif}) => iif?.name))
  const pod = eks.pods.find(({routes}) => routes.some(route => veths.has(interfaceOf(route) ?? '')))
  const veth = interfaceOf(pod?.routes[0] ?? null)
  return pod === undefined || veth === null || address === null ? null : tcpProbe(pod.address, address, 53, veth)
}
