import {tableOf} from '../../eks/index.js'
import {type PolicyRule, tableName} from '../../model/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {listWords} from '../words.js'
import {deletePolicyRule} from '../repairs.js'

export const branchRuleLeft: Check = {
  code: 'EKS104',
  severity: 'warning',
  title: 'Rules of a branch ENI that is gone',
  meaning:
    'A pod with security groups of its own has two rules by interface, `10: from all iif vlan… lookup 100+VLAN`. When the pod was deleted by force ' +
    'they stay. The next pod with the same name has a veth with the same name, and follows the old rule to the branch of its ' +
    'predecessor.',
  signature:
    'A rule `iif vlan…` whose interface is `[detached]`, or two rules for one interface that name different tables. Needs `ip rule`.',
  remedy: 'Delete the rules.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/1375',
  find: findLeft,
}

function* findLeft({eks}: AuditedNode): Generator<Fault> {
  const detached: PolicyRule[] = []
  for (const [name, rules] of eks.routing.inRules) {
    if (!name.startsWith('vlan')) continue
    detached.push(...rules.filter(({iif}) => iif?.detached === true))
    if (new Set(rules.map(tableOf)).size > 1) {
      const tables = listWords(rules.map(rule => tableName(tableOf(rule) ?? '?')))
      yield {
        text: `What comes in by ${name} is sent to tables ${tables}: the first one wins, and the other was left behind or is new.`,
        evidence: rules,
        pods: eks.podsOfInterface(name),
        repair: [],
      }
    }
  }
  if (detached.length === 0) return
  yield {
    text: `Rules wait for interfaces that do not exist: ${listWords(detached.map(({iif}) => iif?.name ?? ''))}.`,
    evidence: detached,
    repair: detached.map(deletePolicyRule),
  }
}
