import {findMarkUses, type MarkUse, nativeTables} from '../../eks/index.js'
import type {NodeState} from '../../model/index.js'
import {formatMark, FULL_MASK} from '../../net/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {replaceNftRule} from '../repairs.js'
import {listWords} from '../words.js'

/** Their marks are set where the CNI's table does not come behind them. */
const UNHURT = new Set(['VPC CNI', 'kube-proxy', 'kubelet', 'portmap'])

export const marksCleared: Check = {
  code: 'EKS211',
  severity: 'error',
  title: 'The CNI clears the marks of others',
  meaning:
    'CNI 1.23.0 restores its mark with `meta mark set ct mark & 0x80`. Unlike the rule of iptables that prints alike, it writes the whole mark: what Calico, Cilium or a service mesh ' +
    'wrote into the other bits is lost behind it.',
  signature:
    'The table aws-cni restores the mark without asking whether the connection has it, and rules of somebody else set other bits before. Needs `nft list ruleset` and `iptables-save`.',
  remedy:
    'Upgrade the CNI to a version later than 1.23.0, which writes the rule otherwise; until aws-node starts anew, the rule can be replaced.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/3872',
  find: findCleared,
}

function* findCleared({eks}: AuditedNode): Generator<Fault> {
  // its own table tells whether there is anything to look for in all others
  const own = findMarkUses(onlyCni(eks.state))
  if (!own.some(use => isWholeRestore(use, own))) return
  const uses = findMarkUses(eks.state)
  const restore = uses.findIndex(use => isWholeRestore(use, uses))
  const culprit = uses[restore]
  if (culprit === undefined) return
  // uses stand in the order in which packets meet them
  const lost = uses.slice(0, restore).filter(use => isHurt(use, culprit))
  if (lost.length === 0) return
  const owners = [...new Set(lost.map(({owner}) => owner ?? 'another program'))]
  yield {
    text: `The CNI's table clears the marks that ${listWords(owners)} set before it.`,
    evidence: [culprit.rule, ...lost.map(({rule}) => rule)],
    repair: replaceRestore(eks.state, culprit) ?? [],
  }
}

function onlyCni(state: NodeState): NodeState {
  const {nft} = state
  const tables = nativeTables(state).filter(({name}) => name === 'aws-cni')
  return {...state, iptables: [], nft: nft === null ? null : {...nft, tables}}
}

function isWholeRestore(use: MarkUse, uses: readonly MarkUse[]): boolean {
  const {verb, clearsOthers, where, rule} = use
  if (verb !== 'restores' || !clearsOthers || where.kind !== 'chain' || !where.table.endsWith(' aws-cni')) return false
  const isGuarded = uses.some(
    other =>
      other.verb === 'tests' &&
      other.of === 'connection' &&
      other.rule.source.line === rule.source.line &&
      other.rule.source.document === rule.source.document,
  )
  return !isGuarded
}

/** By a rule that leaves the other bits. */
function replaceRestore(state: NodeState, {rule, bits}: MarkUse): string[] | null {
  const table = nativeTables(state).find(({name}) => name === 'aws-cni')
  const chain = [...(table?.chains.values() ?? [])].find(({rules}) => rules.some(each => each.source === rule.source))
  const old = chain?.rules.find(each => each.source === rule.source)
  if (table === undefined || chain === undefined || old === undefined) return null
  const mark = formatMark(bits.mask)
  return replaceNftRule(table, chain, old, `ct mark and ${mark} == ${mark} meta mark set meta mark or ${mark}`)
}

function isHurt({verb, of, owner, hooks, bits}: MarkUse, culprit: MarkUse): boolean {
  const set = bits.mask === FULL_MASK ? bits.value : bits.mask
  return (
    verb === 'sets' &&
    of === 'packet' &&
    hooks.includes('PREROUTING') &&
    !UNHURT.has(owner ?? '') &&
    (set & ~culprit.bits.mask) !== 0
  )
}
