import type {EksNode} from '../../eks/index.js'
import {type PolicyRule, TABLE_MAIN} from '../../model/index.js'
import {type Address, formatAddress} from '../../net/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {knowsAssignments, knowsTable} from '../known.js'
import {listWords} from '../words.js'
import {deletePolicyRule} from '../repairs.js'

/** Priorities that only the CNI uses for its pods. */
const TO_POD = 512
const FROM_POD = 1536

export const podRuleLeft: Check = {
  code: 'EKS109',
  severity: 'warning',
  title: 'Rules of pods that are gone',
  meaning:
    'The CNI removes the rules of a pod with the pod. Rules that stay do no harm until their address is used again by a pod of another ENI: then its ' +
    'packets take the wrong table (EKS103).',
  signature:
    'A rule `512: to ADDRESS` or `1536: from ADDRESS` for an address that no route leads to and that ipamd has not assigned. Needs `ip rule`, ' +
    '`ip route` and the ENIs or the checkpoint of ipamd.',
  remedy: 'Delete the rules.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/2048',
  find: findLeft,
}

function* findLeft({eks}: AuditedNode): Generator<Fault> {
  if (!knowsAssignments(eks.state) || !knowsTable(eks.state, TABLE_MAIN)) return
  const left = [...leftRules(eks.routing.toRules, TO_POD, eks), ...leftRules(eks.routing.fromRules, FROM_POD, eks)]
  if (left.length === 0) return
  const addresses = [...new Set(left.map(([address]) => formatAddress(address)))]
  yield {
    text: `Rules for ${listWords(addresses)}, which no pod of this node has.`,
    evidence: left.map(([, rule]) => rule),
    repair: left.map(([, rule]) => deletePolicyRule(rule)),
  }
}

function* leftRules(
  rules: ReadonlyMap<Address, readonly PolicyRule[]>,
  priority: number,
  eks: EksNode,
): Generator<[Address, PolicyRule]> {
  for (const [address, ofAddress] of rules) {
    if (eks.podAt(address) !== null || eks.routing.ownAddresses.has(address)) continue
    if (eks.routing.hostRoutes.has(address) || typeof address !== 'number') continue
    for (const rule of ofAddress) if (rule.priority === priority) yield [address, rule]
  }
}
