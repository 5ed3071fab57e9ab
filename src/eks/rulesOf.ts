import type {ChainRule, NodeState, TableName} from '../model/index.js'

/** The rules of a chain in every save of the capture, both backends and families. Parses that chain, no other. */
export function* rulesOf(state: NodeState, table: TableName, chain: string): Generator<ChainRule> {
  for (const ruleset of state.iptables) yield* ruleset.tables.get(table)?.chains.get(chain)?.rules ?? []
}
