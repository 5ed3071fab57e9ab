import type {Eni, Pod} from '../../eks/index.js'
import type {Evidence} from '../../model/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {addressInsideVpc} from '../insideVpc.js'
import {knowsRules} from '../known.js'
import {pingProbe} from '../probe.js'
import {eniText, listWords, podsHave} from '../words.js'
import {addFromRule} from '../repairs.js'

export const podFromRuleMissing: Check = {
  code: 'EKS101',
  severity: 'error',
  title: 'Pods of a secondary ENI without their rule',
  meaning:
    'A pod whose address belongs to a secondary ENI must send by that ENI: the CNI writes `1536: from POD lookup N` for it. Without that rule ' +
    'the main table decides, the packets leave by the primary ENI with an address that is not its own, and AWS drops them (source/destination ' +
    'check). Since CNI 1.8 packets to the Internet are translated to the address of the node and still work, so that it looks like ' +
    '"Internet works, VPC does not".',
  signature:
    "ipamd's list of ENIs says that the address is assigned and on a secondary ENI of network card 0; the node knows the pod (a `512` rule or a " +
    'route); no rule `from POD` exists. Needs `ip rule` and `/v1/enis`.',
  remedy:
    'Add the rules, or recreate the pods: the CNI writes the rule when it sets up a pod, and never again. Where the rules of all pods are gone, ' +
    'something flushed them: systemd-networkd does so when it restarts, unless it is configured with `ManageForeignRoutingPolicyRules=no`.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/3309',
  find: findMissing,
}

function* findMissing({eks}: AuditedNode): Generator<Fault> {
  if (!knowsRules(eks.state)) return
  const missing = eks.enis.flatMap(eni => {
    if (eni.ipamd === null || eni.role === 'primary' || eni.ipamd.networkCard !== 0) return []
    const pods = eks.pods.filter(pod => isOn(pod, eni) && pod.fromRules.length === 0 && isSetUp(pod))
    return pods.length === 0 ? [] : [{eni, ipamd: eni.ipamd, pods}]
  })
  const pods = missing.flatMap(group => group.pods)
  const [first] = pods
  if (first === undefined) return
  const inside = addressInsideVpc(eks)
  const enis = listWords(missing.map(({eni}) => eniText(eni)))
  yield {
    text: `${podsHave(pods)} no rule that sends packets by ${enis}: they leave by the primary ENI, and AWS drops them.`,
    evidence: missing.flatMap(group => [group.ipamd, ...group.pods.flatMap(evidenceOf)]),
    pods,
    flow: inside === null ? null : pingProbe(first.address, inside),
    repair: missing.flatMap(({eni, pods: ofEni}) => ofEni.map(({address}) => addFromRule(address, eni))),
  }
}

function evidenceOf(pod: Pod): Evidence[] {
  return [...pod.holdings.map(({address}) => address), ...pod.toRules]
}

function isOn(pod: Pod, eni: Eni): boolean {
  return typeof pod.address === 'number' && pod.holdings.length === 1 && pod.holdings[0]?.eniId === eni.id
}

function isSetUp(pod: Pod): boolean {
  return pod.routes.length > 0 || pod.toRules.length > 0
}
