import {readStrictBranches} from '../branchPods.js'
import type {AuditedNode, Check, Fault} from '../check.js'

export const earlyDemux: Check = {
  code: 'EKS404',
  severity: 'warning',
  title: 'Probes of pods with security groups fail',
  meaning:
    "kubelet's connections to a pod with security groups of its own leave by the primary ENI and come in by the branch. With early demultiplexing the kernel hands the " +
    "pod's answer to kubelet's socket by the interface it came from, finds none, and the probe times out. The CNI's init container turns it off " +
    'when DISABLE_TCP_EARLY_DEMUX is true.',
  signature:
    '`net.ipv4.tcp_early_demux` is 1, and rules `iif vlan…` come before that of the local table (strict mode). Needs `sysctl -a` and `ip rule`.',
  remedy: 'Set DISABLE_TCP_EARLY_DEMUX=true on the init container of aws-node, or use the standard enforcing mode.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/1212',
  find: findOn,
}

function* findOn({eks}: AuditedNode): Generator<Fault> {
  const demux = eks.state.sysctl?.get('net.ipv4.tcp_early_demux')
  const strict = readStrictBranches(eks)
  if (demux?.value !== '1' || strict === null) return
  yield {
    text: 'Early demultiplexing is on: liveness and readiness probes by TCP of pods with security groups of their own time out.',
    evidence: [demux, ...strict.rules],
    pods: eks.pods.filter(pod => strict.rules.some(({iif}) => iif?.name === pod.hostInterface?.value)),
    repair: ['sysctl -w net.ipv4.tcp_early_demux=0'],
  }
}
