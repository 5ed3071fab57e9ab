import {
  isIptablesTable,
  type NftChain,
  type NftFamily,
  type NftRule,
  type NftRuleset,
  type NftSet,
  type NftTable,
  type NodeState,
} from '../../model/index.js'
import type {NftCursor} from './cursor.js'

const FAMILIES: readonly NftFamily[] = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev']

/** A command of nft while it is read. */
export interface Place {
  readonly state: NodeState
  readonly ruleset: NftRuleset
  readonly cursor: NftCursor
}

export interface TableName {
  readonly family: NftFamily
  readonly name: string
}

/** `[FAMILY] TABLE`; without a family it is ip. */
export function readTableName({cursor}: Place): TableName {
  const family = cursor.take(...FAMILIES) ?? 'ip'
  return {family, name: cursor.need('the name of a table')}
}

export function tableNamed({ruleset}: Place, {family, name}: TableName): NftTable | undefined {
  return ruleset.tables.find(table => table.family === family && table.name === name)
}

/** @throws EditError where there is none, or where iptables-nft keeps it: its save tells what it holds */
export function findTable(place: Place): NftTable {
  const {command} = place.cursor
  const name = readTableName(place)
  const table = tableNamed(place, name)
  if (table === undefined) {
    const known = place.ruleset.tables.map(each => `${each.family} ${each.name}`).join(', ')
    return command.refuse(
      `there is no table ${name.family} ${name.name} in ${place.ruleset.document}. It has ${known === '' ? 'none' : known}.`,
    )
  }
  if (isIptablesTable(table))
    command.refuse(
      `iptables-nft keeps the table ${table.family} ${table.name}: give the edit as a command of iptables.`,
    )
  return table
}

export function findChain({cursor}: Place, table: NftTable): NftChain {
  const name = cursor.need('the name of a chain')
  const chain = table.chains.get(name)
  if (chain !== undefined) return chain
  return cursor.command.refuse(
    `the table ${table.family} ${table.name} has no chain ${name}; ekspath show chains lists all.`,
  )
}

export function findSet({cursor}: Place, table: NftTable): NftSet {
  const name = cursor.need('the name of a set or map')
  return table.sets.get(name) ?? cursor.command.refuse(`the table ${table.family} ${table.name} has no set ${name}.`)
}

/** A chain with other rules, numbered anew. */
export function withRules(chain: NftChain, rules: readonly NftRule[]): NftChain {
  const {name, source, text, base, misplaced, cut} = chain
  const numbered = rules.map((rule, i) => (rule.number === i + 1 ? rule : {...rule, number: i + 1}))
  return {
    ...{name, source, text, base, misplaced},
    ...{ruleCount: numbered.length, rules: numbered},
    ...(cut === undefined ? {} : {cut}),
  }
}

/** A set with other elements. */
export function withElements(set: NftSet, elements: NftSet['elements'], listed = set.listed): NftSet {
  const {name, source, text, isMap, type, dynamic, conditional} = set
  return {name, source, text, isMap, type, dynamic, conditional, elements, listed}
}

/** A node with a chain of a table changed; null takes it away. */
export function withChain(place: Place, table: NftTable, name: string, chain: NftChain | null): NodeState {
  const chains = new Map(table.chains)
  if (chain === null) chains.delete(name)
  else chains.set(name, chain)
  return withTable(place, table, {...table, chains})
}

export function withSet(place: Place, table: NftTable, set: NftSet): NodeState {
  return withTable(place, table, {...table, sets: new Map(table.sets).set(set.name, set)})
}

/** @param before null: it is new @param after null: it goes */
export function withTable({state, ruleset}: Place, before: NftTable | null, after: NftTable | null): NodeState {
  const tables = ruleset.tables.flatMap(table => (table === before ? [after ?? []].flat() : [table]))
  return {...state, nft: {...ruleset, tables: before === null && after !== null ? [...tables, after] : tables}}
}
