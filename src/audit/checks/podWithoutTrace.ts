import {TABLE_MAIN} from '../../model/index.js'
import {familyOf} from '../../net/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {knowsRules, knowsTable} from '../known.js'
import {podsHave} from '../words.js'
import {RESTART_CNI} from '../repairs.js'

export const podWithoutTrace: Check = {
  code: 'EKS107',
  severity: 'warning',
  title: 'Pods that only ipamd knows',
  meaning:
    'ipamd holds an address for a pod, and the node has neither a rule nor a route for it. Either the pod is being set up or torn down at this very ' +
    'moment, or it went away without ipamd noticing: then the address is lost until aws-node restarts.',
  signature:
    'An address that ipamd says is assigned, without any rule or route. Needs `ip rule`, `ip route` and the ENIs or the checkpoint.',
  remedy:
    'Capture again. If the pod still shows and `kubectl get pod -A -o wide` does not list its address, restart aws-node on this node.',
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
  if (pods.length === 0) return
  yield {
    text: `${podsHave(pods)} an address, and nothing on the node leads to it.`,
    evidence: pods.flatMap(pod => pod.name?.evidence ?? pod.holdings.map(({address}) => address)),
    pods,
    repair: [RESTART_CNI],
  }
}
