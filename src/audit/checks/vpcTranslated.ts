import {defaultRoute, type EksNode, type Pod, rulesOf, toolOfCni} from '../../eks/index.js'
import {type NodeState, type Route, TABLE_MAIN, type TableId, tableName} from '../../model/index.js'
import {
  type Address,
  contains,
  formatAddress,
  formatPrefix,
  ipv4,
  makePrefix,
  parsePrefix,
  type Prefix,
} from '../../net/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {tcpProbe} from '../probe.js'
import {readSnatChain, type SnatChain} from '../snatChain.js'
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
    'Leave the subnet out, and restart aws-node, which reads the blocks of the VPC anew; for networks outside of it set AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS.',
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
    repair: exclude(
      eks.state,
      chain,
      found.map(({gateway}) => ipv4(gateway)),
    ),
  }
}

/** RETURN for the subnets, before the rule that translates and before the one that marks; where their lengths are not known the CNI must do it. */
function exclude(state: NodeState, {snat}: SnatChain, gateways: readonly Address[]): string[] {
  const subnets = [...new Set(gateways.flatMap(gateway => subnetOf(state, gateway) ?? []).map(formatPrefix))]
  const chains = state.iptables.map(({tables}) => tables.get('nat')?.chains)
  const marks = chains.some(each => (each?.get('AWS-CONNMARK-CHAIN-0')?.ruleCount ?? 0) > 0)
  const direct = snat !== null && !chains.some(each => each?.has('AWS-SNAT-CHAIN-0'))
  if (subnets.length === 0 || direct) return [RESTART_CNI]
  const on = `${toolOfCni(state)} -t nat`
  return subnets.flatMap(subnet => [
    `${on} -I AWS-SNAT-CHAIN-0 1 -d ${subnet} -m comment --comment "AWS SNAT CHAIN" -j RETURN`,
    ...(marks && !isExcluded(state, 'AWS-CONNMARK-CHAIN-0', subnet)
      ? [`${on} -I AWS-CONNMARK-CHAIN-0 1 -d ${subnet} -m comment --comment "AWS CONNMARK CHAIN, VPC CIDR" -j RETURN`]
      : []),
  ])
}

function isExcluded(state: NodeState, chain: string, subnet: string): boolean {
  const prefix = parsePrefix(subnet)
  return [...rulesOf(state, 'nat', chain)].some(({matches, target}) =>
    matches.some(
      match =>
        match.kind === 'destination' &&
        'length' in match.prefix &&
        match.negated === (target.kind === 'jump') &&
        (target.kind === 'jump' || target.kind === 'return') &&
        prefix !== null &&
        match.prefix.length <= prefix.length &&
        contains(match.prefix, prefix.address),
    ),
  )
}

/** That of the interface that has an address beside the gateway. */
function subnetOf({addresses, routing}: NodeState, gateway: Address): Prefix | null {
  const own = (addresses ?? []).map(({address, prefixLength}) => makePrefix(address, prefixLength))
  const connected = (routing[4].routes ?? []).flatMap(({protocol, destination}) =>
    protocol === 'kernel' ? [destination] : [],
  )
  return (
    [...own, ...connected].find(prefix => prefix.length < 32 && prefix.length > 0 && contains(prefix, gateway)) ?? null
  )
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
