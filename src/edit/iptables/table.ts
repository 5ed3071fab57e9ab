import {
  type Chain,
  type ChainRule,
  HOOKS,
  hookPriority,
  type IptablesRuleset,
  type IptablesTable,
  type NodeState,
  type SourceRef,
  TABLES,
  type TableName,
} from '../../model/index.js'
import type {EditCommand} from '../command.js'

/** A table of the ruleset; one that a whole save does not list is empty. @throws EditError where what it holds is not known */
export function findTable(ruleset: IptablesRuleset, command: EditCommand, name: string): IptablesTable {
  const table = ruleset.tables.get(name)
  if (table !== undefined) return table
  if (!isTableName(name)) return command.fail(`a table: ${TABLES.join(', ')}`)
  if (!ruleset.complete || ruleset.unlisted.some(entry => entry.table === name)) {
    command.refuse(`${ruleset.document} does not hold the table ${name}: what is in it is not known.`)
  }
  const hooks = HOOKS.filter(hook => hookPriority(name, hook, ruleset.backend) !== undefined)
  const chains = hooks.map(chain => makeChain(chain, 'ACCEPT', [], command.source))
  return {name, chains: new Map(chains.map(chain => [chain.name, chain])), source: command.source}
}

function isTableName(name: string): name is TableName {
  return (TABLES as readonly string[]).includes(name)
}

export function makeChain(
  name: string,
  policy: Chain['policy'],
  rules: readonly ChainRule[],
  source: SourceRef,
): Chain {
  const text = `:${name} ${policy ?? '-'} [0:0]`
  return {name, policy, source, text, ruleCount: rules.length, rules}
}

/** A chain with other rules, numbered anew. */
export function withRules(chain: Chain, rules: readonly ChainRule[]): Chain {
  const numbered = rules.map((rule, i) => (rule.number === i + 1 ? rule : {...rule, number: i + 1}))
  const {name, policy, source, text, cut} = chain
  return {name, policy, source, text, ruleCount: numbered.length, rules: numbered, ...(cut === undefined ? {} : {cut})}
}

/** A node with another chain in a table; null takes it away. */
export function withChain(
  state: NodeState,
  ruleset: IptablesRuleset,
  table: IptablesTable,
  name: string,
  chain: Chain | null,
): NodeState {
  const chains = new Map(table.chains)
  if (chain === null) chains.delete(name)
  else chains.set(name, chain)
  const tables = new Map(ruleset.tables).set(table.name, {...table, chains})
  return {
    ...state,
    iptables: state.iptables.map(each => (each === ruleset ? {...ruleset, tables} : each)),
  }
}
