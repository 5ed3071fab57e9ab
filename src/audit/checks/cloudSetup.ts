import {tableOf} from '../../eks/index.js'
import type {PolicyRule} from '../../model/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {deletePolicyRule} from '../repairs.js'

export const cloudSetup: Check = {
  code: 'EKS112',
  severity: 'error',
  title: 'nm-cloud-setup manages the ENIs',
  meaning:
    "NetworkManager's nm-cloud-setup (RHEL, Rocky, Alma) configures every address of an ENI on the node and writes rules and tables 30200 and 30400 for " +
    'them. The addresses are those that the CNI gives to pods, so that the packets of pods end at the node or take a foreign table.',
  signature: 'Rules of priority 30200 … 30499 that name a table of that range. Needs `ip rule`.',
  remedy:
    'Disable it (`systemctl disable --now nm-cloud-setup.timer nm-cloud-setup.service`), or it writes its rules again; they can be deleted at once. Then restart the node, which takes its addresses away.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/2170',
  find: findRules,
}

function* findRules({eks}: AuditedNode): Generator<Fault> {
  const rules = (eks.state.routing[4].rules ?? []).filter(isItsRule)
  if (rules.length === 0) return
  yield {
    text: 'nm-cloud-setup has written rules of its own for the addresses of the ENIs.',
    evidence: rules,
    repair: rules.map(deletePolicyRule),
  }
}

function isItsRule(rule: PolicyRule): boolean {
  const table = tableOf(rule)
  return isItsNumber(rule.priority) && typeof table === 'number' && isItsNumber(table)
}

function isItsNumber(number: number): boolean {
  return number >= 30_200 && number < 30_500
}
