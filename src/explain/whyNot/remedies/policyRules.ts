import type {EksNode, Pod} from '../../../eks/index.js'
import {type PolicyRule, TABLE_MAIN, type TableId, tableName} from '../../../model/index.js'
import {type Address, familyOf, formatAddress, formatPrefix} from '../../../net/index.js'
import {type Case, endsOf, podOf, type Remedy} from '../case.js'
import {isBranchPod, nameOf, tableOfPod} from '../owner.js'

/** The policy rules that the CNI keeps for the pods at both ends: 512 to them, 1536 from those of secondary ENIs. */
export function* policyRules(c: Case): Generator<Remedy> {
  const {source, destination} = endsOf(c)
  const sender = podOf(c.eks, source)
  const receiver = podOf(c.eks, destination)
  if (receiver !== null && !isBranchPod(c.eks, receiver)) yield* toRule(c, receiver)
  if (sender !== null && !isBranchPod(c.eks, sender)) yield* fromRule(c, sender)
}

function ipRule(address: Address): string {
  return familyOf(address) === 6 ? 'ip -6 rule' : 'ip rule'
}

function rulesAbout({state}: Case, address: Address, side: 'from' | 'to'): PolicyRule[] {
  const rules = state.routing[familyOf(address)].rules ?? []
  return rules.filter(rule => !rule.not && rule[side]?.address === address && rule[side].length >= 32)
}

/** All versions: to a pod always by main, whatever rules say of its sender. */
function* toRule(c: Case, pod: Pod): Generator<Remedy> {
  if (rulesAbout(c, pod.address, 'to').some(leadsTo(TABLE_MAIN))) return
  const selector = `to ${formatAddress(pod.address)} lookup main`
  yield {
    stage: 'routing',
    text: `${nameOf(pod)} has no rule that leads to it by main; the CNI writes one for every pod, before all rules about senders and marks`,
    missing: [`512: from all ${selector}`],
    taken: null,
    repair: [`${ipRule(pod.address)} add ${selector} priority 512`],
  }
}

function* fromRule(c: Case, pod: Pod): Generator<Remedy> {
  const table = tableOfPod(c.eks, pod)
  if (table === null || table === TABLE_MAIN || typeof pod.address !== 'number') return
  const own = rulesAbout(c, pod.address, 'from')
  const wrong = own.filter(rule => !leadsTo(table)(rule))
  const selectors = selectorsLike(c.eks, pod, table)
  const missing = selectors.filter(
    selector => !own.some(rule => leadsTo(table)(rule) && textOf(rule).includes(`from ${selector}`)),
  )
  if (missing.length === 0 && wrong.length === 0) return
  yield {
    stage: 'routing',
    text:
      wrong.length > 0
        ? `a rule sends what ${nameOf(pod)} sends to another table than that of its ENI, ${tableName(table)}`
        : `${nameOf(pod)} is on a secondary ENI and has no rule that sends by its table, ${tableName(table)}; the CNI writes it when the pod is made, and never again`,
    missing: missing.map(selector => `1536: from ${selector}`),
    taken: wrong[0] ?? null,
    repair: [
      ...wrong.map(rule => `ip rule del from ${selectorOf(rule)} priority ${rule.priority}`),
      ...missing.map(selector => `ip rule add from ${selector} priority 1536`),
    ],
  }
}

/** CNI 1.3 to 1.7 wrote one rule for each block of the VPC, `to` it, unless EXTERNALSNAT was set: as the other pods have them. */
function selectorsLike(eks: EksNode, pod: Pod, table: TableId): string[] {
  const peer = eks.pods.find(other => other !== pod && other.fromRules.length > 0 && typeof other.address === 'number')
  const from = formatAddress(pod.address)
  const lookup = `lookup ${tableName(table)}`
  const blocks = (peer?.fromRules ?? []).flatMap(({to}) => (to === null ? [] : [formatPrefix(to)]))
  return blocks.length === 0 ? [`${from} ${lookup}`] : blocks.map(block => `${from} to ${block} ${lookup}`)
}

function leadsTo(table: TableId): (rule: PolicyRule) => boolean {
  return ({action}) => action.kind === 'lookup' && action.table === table
}

function textOf({text}: PolicyRule): string {
  return text.trim().replace(/\s+/g, ' ')
}

/** What stands behind `from`. */
function selectorOf(rule: PolicyRule): string {
  return textOf(rule).replace(/^\d+: from /, '')
}
