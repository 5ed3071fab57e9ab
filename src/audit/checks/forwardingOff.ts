import type {AuditedNode, Check, Fault} from '../check.js'
import {OUTSIDE, tcpProbe} from '../probe.js'

export const forwardingOff: Check = {
  code: 'EKS401',
  severity: 'error',
  title: 'The node does not forward',
  meaning:
    'With `net.ipv4.ip_forward = 0` the kernel drops every packet that is not its own: pods reach nothing, and nothing reaches them.',
  signature: '`net.ipv4.ip_forward` is 0. Needs `sysctl -a`.',
  remedy: 'Turn it on, and find what turned it off: a hardening script, or a later file in /etc/sysctl.d.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/744',
  find: findOff,
}

function* findOff({eks}: AuditedNode): Generator<Fault> {
  const forward = eks.state.sysctl?.get('net.ipv4.ip_forward')
  if (forward?.value !== '0') return
  const pod = eks.pods.find(({address}) => typeof address === 'number')
  yield {
    text: 'Forwarding is off: no pod reaches anything, and nothing reaches a pod.',
    evidence: [forward],
    flow: pod === undefined ? null : tcpProbe(pod.address, OUTSIDE, 443),
    repair: ['sysctl -w net.ipv4.ip_forward=1'],
  }
}
