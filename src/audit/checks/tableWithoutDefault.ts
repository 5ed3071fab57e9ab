import {type EksNode, interfaceOf, tableOf} from '../../eks/index.js'
import {type PolicyRule, TABLE_DEFAULT, TABLE_LOCAL, TABLE_MAIN, type TableId, tableName} from '../../model/index.js'
import {formatAddress} from '../../net/index.js'
import {pingProbe} from '../probe.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {addressInsideVpc} from '../insideVpc.js'
import {knowsTable} from '../known.js'
import {RESTART_CNI} from '../repairs.js'

export const tableWithoutDefault: Check = {
  code: 'EKS105',
  severity: 'error',
  title: 'The table of an ENI has no default route',
  meaning:
    'Rules send the packets of pods to the table of their ENI, and that table has no default route. The kernel goes on with the next rule and ends ' +
    'in main: the packets leave by the primary ENI with an address that is not its own, and AWS drops them. It happens when the ' +
    'interface went down, was detached, or was taken over by another network manager.',
  signature:
    'A rule `from POD`, `iif vlan…` or `from ENI` names a table that has no default route. Needs `ip rule` and the listing of that table.',
  remedy:
    'Restart aws-node, which sets up the tables of its ENIs (`kubectl -n kube-system delete pod aws-node-…`); if the table stays empty, find out ' +
    'what happened to the interface.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/219',
  find: findEmpty,
}

function* findEmpty({eks}: AuditedNode): Generator<Fault> {
  for (const [table, rules] of rulesByTable(eks)) {
    if (!knowsTable(eks.state, table) || eks.routing.defaultRoutes.has(table)) continue
    const pods = eks.pods.filter(pod => pod.table?.value === table)
    const [pod] = pods
    const inside = addressInsideVpc(eks)
    yield {
      text: `Table ${tableName(table)} has no default route: packets that a rule sends there take the route of main.`,
      evidence: rules,
      pods,
      flow: pod === undefined || inside === null ? null : pingProbe(pod.address, inside),
      repair: [restore(eks, table) ?? RESTART_CNI],
    }
  }
}

/** The route to the gateway, which the CNI writes beside the default route, tells what that was; null where it is gone too. */
function restore({state}: EksNode, table: TableId): string | null {
  const left = state.routing[4].routes?.filter(route => route.table === table && route.type === 'unicast') ?? []
  const [route] = left
  const device = interfaceOf(route ?? null)
  if (left.length !== 1 || route?.destination.length !== 32 || device === null) return null
  return `ip route add default via ${formatAddress(route.destination.address)} dev ${device} table ${tableName(table)}`
}

function rulesByTable(eks: EksNode): Map<TableId, PolicyRule[]> {
  const tables = new Map<TableId, PolicyRule[]>()
  const {fromRules, inRules} = eks.routing
  const vlanRules = [...inRules].flatMap(([name, rules]) => (name.startsWith('vlan') ? rules : []))
  for (const rule of [...[...fromRules.values()].flat(), ...vlanRules]) {
    const table = tableOf(rule)
    if (table === null || table === TABLE_MAIN || table === TABLE_LOCAL || table === TABLE_DEFAULT) continue
    // a rule whose interface is gone matches nothing (EKS104)
    if (rule.family === 4 && rule.iif?.detached !== true) tables.set(table, [...(tables.get(table) ?? []), rule])
  }
  return tables
}
