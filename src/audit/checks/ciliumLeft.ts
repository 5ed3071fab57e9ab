import {ruleOwner, tableOf, toolOf} from '../../eks/index.js'
import {
  type Evidence,
  type IptablesRuleset,
  type NodeState,
  type PolicyRule,
  TABLE_LOCAL,
  tableName,
  type TableName,
} from '../../model/index.js'
import {formatMasked} from '../../net/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {deleteRule} from '../repairs.js'

/** RTPROXY: where Cilium sends what its proxy shall get. */
const PROXY_TABLE = 2004
const PROXY_PRIORITY = 9
const LOCAL_PRIORITY = 100

export const ciliumLeft: Check = {
  code: 'EKS213',
  severity: 'warning',
  title: "Cilium's rules without Cilium",
  meaning:
    'Cilium moves the rule of the local table to priority 100, sends packets with its marks to table 2004, and has chains of its own. Where it was removed and these stayed, the order of rules is not what the ' +
    'CNI expects, and packets whose marks look like those of Cilium are lost.',
  signature:
    'Chains `CILIUM_…`, `9: from all fwmark 0x200/0xf00 lookup 2004` or `100: from all lookup local`, and no interface `cilium_…`. Needs `ip link` or `ip addr`, and `ip rule` or `iptables-save`.',
  remedy: 'Delete the rules and chains, or replace the node; where Cilium should run, look for its agent.',
  reference: 'https://github.com/cilium/cilium/issues/25804',
  find: findLeft,
}

function* findLeft({eks}: AuditedNode): Generator<Fault> {
  const {links, routing, iptables} = eks.state
  if (links === null || links.some(({name}) => name.startsWith('cilium_'))) return
  const rules = (routing[4].rules ?? []).filter(isItsRule)
  const chains = iptables.flatMap(({tables}) =>
    [...tables.values()].flatMap(table =>
      [...table.chains.values()].flatMap(({name, source, text}): Evidence[] =>
        ruleOwner(name, null) === 'Cilium' && source !== null ? [{source, text}] : [],
      ),
    ),
  )
  if (rules.length + chains.length === 0) return
  const parts = [
    ...(rules.length === 0 ? [] : [`${rules.length} of its policy rules`]),
    ...(chains.length === 0 ? [] : [`${chains.length} of its chains`]),
  ]
  yield {
    text: `The node has no interface of Cilium, and still ${parts.join(' and ')}.`,
    evidence: [...rules, ...chains],
    repair: [...rules.flatMap(restore), ...eks.state.iptables.flatMap(ruleset => removeChains(eks.state, ruleset))],
  }
}

/** The rules that lead to its chains, then the chains, all emptied before the first goes: they lead to each other. */
function removeChains(state: NodeState, ruleset: IptablesRuleset): string[] {
  return [...ruleset.tables.values()].flatMap(({name, chains}) => {
    const table = name as TableName
    const all = [...chains.values()]
    const isIts = (chain: string): boolean => ruleOwner(chain, null) === 'Cilium'
    const names = all.map(({name}) => name).filter(isIts)
    const jumps = all
      .filter(({name}) => !isIts(name))
      .flatMap(({rules}) => rules.filter(({target}) => 'chain' in target && isIts(target.chain)))
    const on = `${toolOf(state, ruleset)} -t ${table}`
    return [
      ...jumps.map(jump => deleteRule(state, table, jump)),
      ...names.map(name => `${on} -F ${name}`),
      ...names.map(name => `${on} -X ${name}`),
    ]
  })
}

function isItsRule(rule: PolicyRule): boolean {
  const table = tableOf(rule)
  const bySide = rule.priority === PROXY_PRIORITY && table === PROXY_TABLE
  return bySide || (rule.priority === LOCAL_PRIORITY && table === TABLE_LOCAL && rule.from === null)
}

/** The local table must never be without a rule: the new one comes before the old one goes. */
function restore(rule: PolicyRule): string[] {
  const table = tableOf(rule)
  if (table === TABLE_LOCAL) {
    return ['ip rule add lookup local priority 0', `ip rule del lookup local priority ${rule.priority}`]
  }
  const {fwmark} = rule
  const mark = fwmark === null ? '' : ` fwmark ${formatMasked(fwmark)}`
  return [`ip rule del${mark} lookup ${tableName(table ?? PROXY_TABLE)} priority ${rule.priority}`]
}
