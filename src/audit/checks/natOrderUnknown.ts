import type {EksNode} from '../../eks/index.js'
import type {ChainRule, Evidence, Flow, JsonExplanation} from '../../model/index.js'
import {nativeTables} from '../../eks/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {podsOfSecondaryEnis, readConnmark} from '../connmark.js'
import {tcpProbe} from '../probe.js'

/** NF_IP_PRI_NAT_DST, where nat PREROUTING of iptables hooks in. */
const PRIORITY = -100

export const natOrderUnknown: Check = {
  code: 'EKS210',
  severity: 'warning',
  title: 'kube-proxy and the CNI translate at the same priority',
  meaning:
    "kube-proxy's table of nftables and nat PREROUTING of iptables hook in at priority -100, and which was registered later runs first: after a restart of either the order may be " +
    'another. Once kube-proxy has chosen an endpoint, no other nat chain sees the packet, so that the CNI marks connections to services in one order and not in the other.',
  signature:
    "A nat chain of the table kube-proxy at priority -100, the CNI's jump in nat PREROUTING, and a connection of a pod on a secondary ENI to a service that leaves in two ways. " +
    'Needs `nft list ruleset`, `iptables-save` and `ip rule`. No listing shows the order itself.',
  remedy: 'Upgrade the CNI to 1.23 or later, whose own table runs at -90, or use the iptables mode of kube-proxy.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/3563',
  find: findUnknown,
}

function* findUnknown({eks, explain}: AuditedNode): Generator<Fault> {
  const table = nativeTables(eks.state).find(({name}) => name === 'kube-proxy')
  const base = [...(table?.chains.values() ?? [])].find(
    chain => chain.base?.type === 'nat' && chain.base.hook === 'prerouting' && chain.base.priority === PRIORITY,
  )
  const outbound: readonly ChainRule[] = readConnmark(eks.state).outbound
  const pods = podsOfSecondaryEnis(eks)
  const [pod] = pods
  if (base === undefined || outbound.length === 0 || pod === undefined) return
  const flow = clusterFlows(eks, pod.address).find(candidate => waysOf(explain(candidate)) > 1)
  if (flow === undefined) return
  const evidence: Evidence[] = [base, ...outbound]
  yield {
    text: 'Whether the CNI marks a connection to a service depends on whether its rules or those of kube-proxy were loaded last.',
    evidence,
    pods,
    flow,
    repair: [],
  }
}

function clusterFlows(eks: EksNode, source: Flow['source']): Flow[] {
  return eks.services.all.flatMap(({frontends, protocol}) =>
    frontends
      .slice(0, 1)
      .flatMap(({address, port}) => (address === null ? [] : [{...tcpProbe(source, address, port), protocol}])),
  )
}

/** In how many ways a flow to one and the same endpoint leaves. */
function waysOf(explanation: JsonExplanation | null): number {
  const ways = new Map<string, Set<string>>()
  for (const {disposition, egress, packet, conditions} of explanation?.outcomes ?? []) {
    if (conditions.length === 0) continue
    const to = `${packet.dst}:${packet.dport ?? ''}`
    const way = `${disposition} ${egress?.interface ?? ''} ${packet.src} ${packet.mark}`
    ways.set(to, (ways.get(to) ?? new Set()).add(way))
  }
  return Math.max(0, ...[...ways.values()].map(({size}) => size))
}
