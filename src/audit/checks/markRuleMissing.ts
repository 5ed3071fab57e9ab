import {formatMark} from '../../net/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {podsOfSecondaryEnis, readConnmark} from '../connmark.js'
import {knowsRules} from '../known.js'
import {OUTSIDE, tcpProbe} from '../probe.js'

export const markRuleMissing: Check = {
  code: 'EKS202',
  severity: 'error',
  title: 'A mark is set that no rule asks for',
  meaning:
    'The CNI marks connections that must leave by the primary ENI, and the rule `1024: from all fwmark 0x80/0x80 lookup main` sends them there. ' +
    'Without the rule the marks have no effect: pods of secondary ENIs reach the Internet by their own ENI with the address of the node, and ' +
    'answers to node ports leave by the wrong ENI. CNI 1.8 – 1.12.0 do not write the rule when AWS_VPC_CNI_NODE_PORT_SUPPORT is false.',
  signature:
    'iptables sets the mark, pods on secondary ENIs have rules, and no rule asks for the mark. Needs `ip rule` and `iptables-save`.',
  remedy: 'Add the rule; upgrade the CNI to 1.12.1 or later.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/2025',
  find: findMissing,
}

function* findMissing({eks}: AuditedNode): Generator<Fault> {
  const connmark = readConnmark(eks.state)
  const marking = [...connmark.sets, ...connmark.outbound]
  const pods = podsOfSecondaryEnis(eks)
  const [pod] = pods
  if (!knowsRules(eks.state) || connmark.rule !== null || marking.length === 0 || pod === undefined) return
  const mark = formatMark(connmark.mark)
  yield {
    text: `Connections are marked ${mark}, and no rule sends marked packets to main: those of pods on secondary ENIs leave by the wrong ENI.`,
    evidence: [...marking, ...pods.flatMap(({fromRules}) => fromRules.slice(0, 1))],
    pods,
    flow: tcpProbe(pod.address, OUTSIDE, 443),
    repair: [`ip rule add fwmark ${mark}/${mark} lookup main priority 1024`],
  }
}
