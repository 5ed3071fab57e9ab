import {toolOf} from '../../eks/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {OUTSIDE, tcpProbe} from '../probe.js'
import {setting} from '../known.js'
import {readSnatChain} from '../snatChain.js'
import {RESTART_CNI, snatRule} from '../repairs.js'

export const snatChainBroken: Check = {
  code: 'EKS204',
  severity: 'error',
  title: "The CNI's translation ends before its rule",
  meaning:
    'POSTROUTING leads to AWS-SNAT-CHAIN-0, and no rule that translates follows there. Pods keep their address when they leave the VPC, and an Internet ' +
    'gateway drops them. Up to CNI 1.16.1 the chains were a cascade, one for each block of the VPC, which nf_tables refuses beyond a certain ' +
    'depth ("Too many links").',
  signature:
    'A jump to AWS-SNAT-CHAIN-0 without a SNAT at the end of the chains. Silent where AWS_VPC_K8S_CNI_EXTERNALSNAT is true. Needs `iptables-save`.',
  remedy: 'Upgrade the CNI to 1.16.2 or later, or restart aws-node and read its log.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/2373',
  find: findBroken,
}

function* findBroken({eks}: AuditedNode): Generator<Fault> {
  if (setting(eks.state, 'AWS_VPC_K8S_CNI_EXTERNALSNAT') === 'true') return
  for (const ruleset of eks.state.iptables) {
    const chain = readSnatChain(ruleset)
    if (chain === null || chain.snat !== null) continue
    const address = eks.address?.value
    const pod = eks.pods.find(candidate => typeof candidate.address === 'number')
    yield {
      text: 'What pods send outside the VPC is led to the chains of the CNI, and none of their rules translates it.',
      evidence: [chain.jump, ...chain.path],
      flow: pod === undefined ? null : tcpProbe(pod.address, OUTSIDE, 443),
      repair: [
        address === undefined
          ? RESTART_CNI
          : `${toolOf(eks.state, ruleset)} -t nat -A ${snatRule(chain.last, address)}`,
      ],
    }
  }
}
