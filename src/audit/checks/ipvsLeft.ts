import type {Evidence} from '../../model/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'

const DEVICE = 'kube-ipvs0'

export const ipvsLeft: Check = {
  code: 'EKS406',
  severity: 'warning',
  title: 'Left over from the IPVS mode of kube-proxy',
  meaning:
    'In IPVS mode kube-proxy puts every cluster address on the interface kube-ipvs0. After a change to another mode the interface stays until the node restarts: the cluster addresses are still local ones, so that what the node itself ' +
    'sends to a service carries the cluster address as its source.',
  signature:
    'kube-proxy works in iptables or nftables mode, and kube-ipvs0 is there. Needs `iptables-save` or `nft list ruleset`, and `ip addr`, `ip link` or `ip route`.',
  remedy: 'Delete the interface, and the virtual servers with `ipvsadm -C`; or `kube-proxy --cleanup`.',
  reference: 'https://github.com/aws/containers-roadmap/issues/2826',
  find: findLeft,
}

function* findLeft({eks}: AuditedNode): Generator<Fault> {
  const mode = eks.kubeProxyMode
  if (mode === null || mode.value === 'ipvs') return
  const link = eks.state.links?.find(({name}) => name === DEVICE)
  const addresses = [...eks.routing.ownAddresses.values()].filter(own => own.interface === DEVICE)
  const lines: Evidence[] = [...(link === undefined ? [] : [link]), ...addresses]
  if (lines.length === 0) return
  yield {
    text: `kube-proxy works in ${mode.value} mode, and ${DEVICE} still ${addresses.length === 0 ? 'exists' : `has ${addresses.length} addresses`}.`,
    evidence: [...lines, ...mode.evidence],
    repair: [`ip link del ${DEVICE}`],
  }
}
