import {type EksNode, type Pod, vethOfPod} from '../../eks/index.js'
import {type Flow, TABLE_MAIN} from '../../model/index.js'
import {familyOf} from '../../net/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {knowsRules, knowsTable} from '../known.js'
import {OUTSIDE, tcpProbe} from '../probe.js'
import {podsHave} from '../words.js'
import {addFromRule, addPodRoute, addToRule, RESTART_CNI} from '../repairs.js'

export const podWithoutTrace: Check = {
  code: 'EKS107',
  severity: 'warning',
  title: 'Pods that only ipamd knows',
  meaning:
    'ipamd holds an address for a pod, and the node has neither a rule nor a route for it. Where its veth is there, the pod runs and is cut off. Otherwise either the pod is being set up or torn down at this very ' +
    'moment, or it went away without ipamd noticing: then the address is lost until aws-node restarts.',
  signature:
    'An address that ipamd says is assigned, without any rule or route. Needs `ip rule`, `ip route` and the ENIs or the checkpoint.',
  remedy:
    'Where the veth is there, write the rules and the route again. Otherwise capture again: if the pod still shows and `kubectl get pod -A -o wide` does not list its address, restart aws-node on this node.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/2352',
  find: findUnknown,
}

function* findUnknown({eks}: AuditedNode): Generator<Fault> {
  const {state} = eks
  const pods = eks.pods.filter(pod => {
    const family = familyOf(pod.address)
    const traces = pod.routes.length + pod.toRules.length + pod.fromRules.length
    return traces === 0 && knowsRules(state, family) && knowsTable(state, TABLE_MAIN, family)
  })
  const veths = new Set((state.links ?? []).map(({name}) => name))
  const isUp = (pod: Pod): boolean => veths.has(vethOfPod(eks, pod) ?? '')
  yield* fault(
    pods.filter(pod => !isUp(pod)),
    'an address, and nothing on the node leads to it',
    null,
    () => [RESTART_CNI],
  )
  const cut = pods.filter(isUp)
  const pod = cut.find(({address}) => typeof address === 'number')
  const flow = pod === undefined ? null : tcpProbe(OUTSIDE, pod.address, 80)
  yield* fault(cut, 'a veth and an address, and neither a rule nor a route', flow, each => restore(eks, each))
}

function* fault(
  pods: readonly Pod[],
  what: string,
  flow: Flow | null,
  repair: (pod: Pod) => readonly string[],
): Generator<Fault> {
  if (pods.length === 0) return
  yield {
    text: `${podsHave(pods)} ${what}.`,
    evidence: pods.flatMap(pod => pod.name?.evidence ?? pod.holdings.map(({address}) => address)),
    pods,
    flow,
    repair: [...new Set(pods.flatMap(repair))],
  }
}

/** All that the CNI writes for a pod. */
function restore(eks: EksNode, pod: Pod): string[] {
  const eni = eks.eniOfPod(pod)?.value
  const ofEni = eni === undefined || eni.role === 'primary' ? [] : [addFromRule(pod.address, eni)]
  return [...addPodRoute(eks, pod), addToRule(pod), ...ofEni]
}
