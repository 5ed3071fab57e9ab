import {TABLE_MAIN} from '../../model/index.js'
import {familyOf} from '../../net/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {knowsTable} from '../known.js'
import {OUTSIDE, tcpProbe} from '../probe.js'
import {podsHave} from '../words.js'
import {addPodRoute} from '../repairs.js'

export const podRouteMissing: Check = {
  code: 'EKS106',
  severity: 'error',
  title: 'Pods without a route to them',
  meaning:
    'A pod is reached by a route to its address alone, `POD dev eni… scope link`. Without it, packets for the pod match the route of the subnet, and ' +
    'the node looks for the pod outside, on the network of its primary ENI.',
  signature:
    'A rule `to POD` or `from POD` exists, ipamd says that the address is assigned, and no table has a route to it. Needs `ip rule`, ' +
    '`ip route` and the ENIs or the checkpoint of ipamd.',
  remedy:
    'Add the routes, or recreate the pods. Look for what removed them: another network manager, or Calico with a foreign route table setting.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/1159',
  find: findMissing,
}

function* findMissing({eks}: AuditedNode): Generator<Fault> {
  const {state} = eks
  const pods = eks.pods.filter(
    pod =>
      pod.routes.length === 0 &&
      pod.toRules.length + pod.fromRules.length > 0 &&
      knowsTable(state, TABLE_MAIN, familyOf(pod.address)),
  )
  const [first] = pods
  if (first === undefined) return
  yield {
    text: `${podsHave(pods)} no route: what is sent to them leaves the node.`,
    evidence: pods.flatMap(pod => [...pod.toRules, ...pod.holdings.map(({address}) => address)]),
    pods,
    flow: familyOf(first.address) === 6 ? null : tcpProbe(OUTSIDE, first.address, 80),
    repair: pods.flatMap(pod => addPodRoute(eks, pod)),
  }
}
