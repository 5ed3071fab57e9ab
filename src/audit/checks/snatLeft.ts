import type {AuditedNode, Check, Fault} from '../check.js'
import {OUTSIDE, tcpProbe} from '../probe.js'
import {readSnatChain} from '../snatChain.js'
import {deleteRule} from '../repairs.js'

const NAME = 'AWS_VPC_K8S_CNI_EXTERNALSNAT'

export const snatLeft: Check = {
  code: 'EKS205',
  severity: 'warning',
  title: 'Pods are translated although they should not be',
  meaning:
    'With AWS_VPC_K8S_CNI_EXTERNALSNAT=true a NAT gateway translates, and pods keep their address when they leave the node. Rules of an earlier ' +
    "setting still translate them to the node's address, so that peers see the node in place of the pod.",
  signature:
    "ipamd tells that the setting is true, and POSTROUTING still leads to a SNAT of the CNI. Needs `iptables-save` and ipamd's settings.",
  remedy: 'Restart aws-node; it removes the rules when it starts.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/682',
  find: findLeft,
}

function* findLeft({eks}: AuditedNode): Generator<Fault> {
  const external = eks.state.ipamd?.environment.get(NAME)
  if (external === undefined || external.value !== 'true') return
  for (const ruleset of eks.state.iptables) {
    const chain = readSnatChain(ruleset)
    if (chain === null || chain.snat === null) continue
    const pod = eks.pods.find(candidate => typeof candidate.address === 'number')
    yield {
      text: `${NAME} is true, and a rule still translates what pods send outside the VPC.`,
      evidence: [external, chain.jump, chain.snat],
      flow: pod === undefined ? null : tcpProbe(pod.address, OUTSIDE, 443),
      repair: [deleteRule(eks.state, 'nat', chain.jump)],
    }
  }
}
