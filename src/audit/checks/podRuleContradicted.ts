import {type EksNode, type Eni, type Pod, tableOf} from '../../eks/index.js'
import {type Flow, type PolicyRule, TABLE_MAIN, tableName} from '../../model/index.js'
import {formatAddress} from '../../net/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {addressInsideVpc} from '../insideVpc.js'
import {pingProbe} from '../probe.js'
import {eniText} from '../words.js'
import {addFromRule, deletePolicyRule} from '../repairs.js'

export const podRuleContradicted: Check = {
  code: 'EKS103',
  severity: 'error',
  title: 'A pod whose rule leads to the wrong table',
  meaning:
    'Addresses are used again. When the rule of an earlier pod was left behind and its address now belongs to another ENI, or when two rules of ' +
    'one address disagree, the first one wins and the packets leave by an ENI that does not have the address: AWS drops them.',
  signature:
    'Two rules `from POD` name different tables, or the rule names another table than the ENI that ipamd assigned the address from. The ' +
    "second needs ipamd's list of ENIs.",
  remedy: 'Delete the rule that does not belong.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/2048',
  find: findContradicted,
}

function* findContradicted({eks}: AuditedNode): Generator<Fault> {
  for (const pod of eks.pods) {
    const [first, ...others] = pod.fromRules
    if (first === undefined) continue
    const [holding] = pod.holdings
    const eni = pod.holdings.length === 1 ? eks.enis.find(({id}) => id === holding?.eniId) : undefined
    const wrong = eni?.table ? pod.fromRules.filter(rule => tableOf(rule) !== eni.table?.value) : []
    if (eni !== undefined && holding !== undefined && wrong.length > 0) {
      yield {...wrongTable(pod, eni, wrong), evidence: [...pod.fromRules, holding.address], flow: flowOf(eks, pod)}
    } else if (eni === undefined && others.some(rule => tableOf(rule) !== tableOf(first))) {
      yield {...twoTables(pod), flow: flowOf(eks, pod)}
    }
  }
}

function flowOf(eks: EksNode, {address}: Pod): Flow | null {
  const inside = addressInsideVpc(eks)
  return inside === null || typeof address !== 'number' ? null : pingProbe(address, inside)
}

function wrongTable(pod: Pod, eni: Eni, wrong: readonly PolicyRule[]): Omit<Fault, 'evidence'> {
  const tables = [...new Set(wrong.map(rule => tableName(tableOf(rule) ?? '?')))].join(', ')
  return {
    text: `${formatAddress(pod.address)} belongs to ${eniText(eni)}, and a rule sends its packets to table ${tables}.`,
    pods: [pod],
    repair: [...wrong.map(deletePolicyRule), ...addRight(pod, eni, wrong)],
  }
}

/** Where no rule is left that names the right table. */
function addRight(pod: Pod, eni: Eni, wrong: readonly PolicyRule[]): string[] {
  if (eni.table === null || eni.table.value === TABLE_MAIN || wrong.length < pod.fromRules.length) return []
  return [addFromRule(pod.address, eni)]
}

function twoTables(pod: Pod): Fault {
  const tables = [...new Set(pod.fromRules.map(rule => tableName(tableOf(rule) ?? '?')))].join(' and ')
  return {
    text: `The rules of ${formatAddress(pod.address)} name tables ${tables}: the first one wins, and only one can be right.`,
    evidence: pod.fromRules,
    pods: [pod],
    repair: [],
  }
}
