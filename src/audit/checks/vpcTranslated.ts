import {defaultRoute, type EksNode, type Pod} from '../../eks/index.js'
import {type Route, TABLE_MAIN, type TableId, tableName} from '../../model/index.js'
import {type Address, formatAddress, ipv4} from '../../net/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {tcpProbe} from '../probe.js'
import {readSnatChain} from '../snatChain.js'
import {listWords} from '../words.js'
import {RESTART_CNI} from '../repairs.js'

export const vpcTranslated: Check = {
  code: 'EKS208',
  severity: 'warning',
  title: 'Pods are translated within their own VPC',
  meaning:
    'The CNI translates what leaves the VPC, and knows the VPC by a rule for each of its blocks. Where the block of a subnet of this node is not among them (a secondary ' +
    'block, custom networking), pods reach their neighbours with the address of the node: security groups and network policies see the wrong source. Whether peered ' +
    'networks should see pods or the node is a matter of intent, which a capture does not show: they are not judged.',
  signature:
    'What a pod sends to the subnet of one of the node\'s ENIs is translated by the rule "AWS, SNAT". Needs `iptables-save`, `ip rule` and `ip route`.',
  remedy:
    'Restart aws-node, which reads the blocks of the VPC anew; for networks outside of it set AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/1423',
  find: findTranslated,
}

function* findTranslated({eks, explain}: AuditedNode): Generator<Fault> {
  const chain = eks.state.iptables.map(readSnatChain).find(found => found?.snat != null)
  if (chain == null) return
  const found = gateways(eks).flatMap(([table, route, gateway]) => {
    const pod = podOf(eks, table)
    // a subnet has 16 bits at least: a gateway further away is not that of these addresses (EKS502)
    if (typeof pod?.address !== 'number' || pod.address >>> 16 !== gateway >>> 16) return []
    const flow = tcpProbe(pod.address, ipv4(gateway + 1), 443)
    return isTranslated(explain(flow)?.outcomes ?? [], pod.address) ? [{route, gateway, flow, pod}] : []
  })
  const [first] = found
  if (first === undefined) return
  const subnets = [...new Set(found.map(({gateway}) => formatAddress(ipv4(gateway))))]
  yield {
    text: `What pods send to the subnet${subnets.length === 1 ? '' : 's'} behind ${listWords(subnets)}, which ${subnets.length === 1 ? 'is' : 'are'} of this VPC, gets the address of the node.`,
    evidence: [...(chain.snat === null ? [] : [chain.snat]), ...found.map(({route}) => route)],
    pods: [...new Set(found.map(({pod}) => pod))],
    flow: first.flow,
    repair: [RESTART_CNI],
  }
}

/** The gateways of main and of the tables of ENIs: each stands for a subnet of the VPC. */
function gateways(eks: EksNode): [TableId, Route, number][] {
  const tables = new Set<TableId>([
    TABLE_MAIN,
    ...eks.enis.flatMap(({table, vlan}) => (table && vlan === null ? [table.value] : [])),
  ])
  return [...tables].flatMap((table): [TableId, Route, number][] => {
    const route = defaultRoute(eks.routing, table)
    const gateway = route?.nextHops[0]?.gateway
    return route !== null && typeof gateway === 'number' && tableName(table) !== 'local'
      ? [[table, route, gateway]]
      : []
  })
}

function podOf(eks: EksNode, table: TableId): Pod | undefined {
  const pods = eks.pods.filter(({address}) => typeof address === 'number')
  return pods.find(pod => pod.table?.value === table) ?? pods[0]
}

function isTranslated(
  outcomes: readonly {readonly disposition: string; readonly packet: {readonly src: string}}[],
  source: Address,
): boolean {
  return outcomes.some(({disposition, packet}) => disposition === 'forwarded' && packet.src !== formatAddress(source))
}
