import {type EksNode, isVethName, type Pod, vethPrefixOf} from '../../eks/index.js'
import {type Flow, TABLE_MAIN} from '../../model/index.js'
import {familyOf} from '../../net/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {knowsRules} from '../known.js'
import {podsOfSecondaryEnis} from '../connmark.js'
import {pingProbe} from '../probe.js'
import {podsHave} from '../words.js'
import {addToRule} from '../repairs.js'

export const podToRuleMissing: Check = {
  code: 'EKS102',
  severity: 'warning',
  title: 'Pods without the rule that leads to them',
  meaning:
    'The CNI writes `512: from all to POD lookup main` for every pod, so that what is meant for it never takes the table of an ENI. Without it, ' +
    'packets from other pods of this node that have a rule of their own (`1536`) leave by their ENI in place of going to the neighbour; what ' +
    'comes from outside still arrives.',
  signature:
    'A route in main leads to the veth of the pod, and no rule `to POD` exists. Needs `ip rule` and `ip route`.',
  remedy: 'Add the rules, or recreate the pods.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/1600',
  find: findMissing,
}

function* findMissing({eks}: AuditedNode): Generator<Fault> {
  const prefix = vethPrefixOf(eks.state)
  const pods = eks.pods.filter(
    pod =>
      knowsRules(eks.state, familyOf(pod.address)) &&
      pod.toRules.length === 0 &&
      pod.routes.some(({table}) => table === TABLE_MAIN) &&
      isVethName(pod.hostInterface?.value ?? '', prefix),
  )
  if (pods.length === 0) return
  yield {
    text: `${podsHave(pods)} no rule \`to POD lookup main\`: pods of secondary ENIs on this node may not reach them.`,
    evidence: pods.flatMap(({routes}) => routes),
    pods,
    flow: flowFromNeighbour(eks, pods),
    repair: pods.map(addToRule),
  }
}

/** Only pods with a rule of their own miss it. */
function flowFromNeighbour(eks: EksNode, missing: readonly Pod[]): Flow | null {
  const target = missing.find(({address}) => typeof address === 'number')
  const neighbour = podsOfSecondaryEnis(eks).find(pod => pod !== target)
  return target === undefined || neighbour === undefined ? null : pingProbe(neighbour.address, target.address)
}
