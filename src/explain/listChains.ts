import type {Chain, IptablesRuleset, JsonChainRow, JsonChainRuleRow, NodeState} from '../model/index.js'

interface Place {
  readonly ruleset: IptablesRuleset
  readonly table: string
  readonly chain: Chain
}

/** All chains of all tables, without parsing their rules. Null: no save in the capture. */
export function listChains(node: NodeState): JsonChainRow[] | null {
  if (node.iptables.length === 0) return null
  return placesOf(node).map(({ruleset, table, chain}) => ({
    family: ruleset.family,
    backend: ruleset.backend,
    table,
    chain: chain.name,
    policy: chain.policy,
    rules: chain.ruleCount,
    source: chain.source,
  }))
}

/** The rules of every chain of a name: nat and filter may each have one. */
export function listChainRules(node: NodeState, name: string): JsonChainRuleRow[] {
  return placesOf(node)
    .filter(({chain}) => chain.name === name)
    .flatMap(({ruleset, table, chain}) =>
      chain.rules.map(rule => ({
        family: ruleset.family,
        backend: ruleset.backend,
        table,
        chain: name,
        rule: rule.number,
        text: rule.text,
        packets: rule.counters?.packets ?? null,
        source: rule.source,
      })),
    )
}

function placesOf(node: NodeState): Place[] {
  return node.iptables.flatMap(ruleset =>
    [...ruleset.tables.values()].flatMap(table =>
      [...table.chains.values()].map(chain => ({ruleset, table: table.name, chain})),
    ),
  )
}
