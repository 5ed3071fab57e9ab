import type {AuditedNode, Check, Fault} from '../check.js'
import {podsOfSecondaryEnis, primaryInterface} from '../connmark.js'
import {OUTSIDE, tcpProbe} from '../probe.js'
import {firstNodePort} from './nodePortMarkMissing.js'

export const sourceValidationStrict: Check = {
  code: 'EKS402',
  severity: 'error',
  title: 'Strict source validation on the primary ENI',
  meaning:
    'A connection to a node port comes in by the primary ENI for a pod that answers by a secondary one. With `rp_filter = 1` the kernel drops it on arrival, ' +
    'because it would answer elsewhere: load balancers of instance type see targets on secondary ENIs time out. The CNI sets 2 (loose) for ' +
    'this reason. The larger of `all` and the interface counts.',
  signature:
    'Services with node ports, pods on secondary ENIs, `rp_filter` 1 in effect, and a packet from outside to such a pod is dropped by source validation. Needs ' +
    '`sysctl -a`, `ip rule`, `ip route` and `iptables-save`.',
  remedy: 'Set it to 2, and find what set it to 1.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/231',
  find: findStrict,
}

function* findStrict({eks, explain}: AuditedNode): Generator<Fault> {
  const primary = primaryInterface(eks)
  const key = `net.ipv4.conf.${primary ?? ''}.rp_filter`
  const settings = ['net.ipv4.conf.all.rp_filter', key].flatMap(name => eks.state.sysctl?.get(name) ?? [])
  if (Math.max(0, ...settings.map(({value}) => Number(value))) !== 1) return
  const nodePort = firstNodePort(eks) // reads all services
  if (nodePort === null) return
  const pods = podsOfSecondaryEnis(eks)
  const dropped = pods
    .map(({address}) => tcpProbe(OUTSIDE, address, 80, primary))
    .find(flow => explain(flow)?.outcomes.some(({reason}) => reason === 'SOURCE_VALIDATION'))
  if (dropped === undefined) return
  yield {
    text: `Source validation on ${primary ?? 'the primary ENI'} is strict: connections by node ports to pods on secondary ENIs are dropped.`,
    evidence: [...settings, nodePort.frontend.rule, ...pods.flatMap(({fromRules}) => fromRules.slice(0, 1))],
    pods,
    services: [nodePort.service],
    flow: dropped,
    repair: [`sysctl -w ${key}=2`],
  }
}
