import {type NodeState, type TableId, type TableName, tableName} from '../model/index.js'
import type {Family} from '../net/index.js'

/** True where the capture lists the policy rules: what is not among them does not exist. */
export function knowsRules({routing}: NodeState, family: Family = 4): boolean {
  return routing[family].rules !== null
}

/** True where the capture lists a routing table: a route that is not among its routes does not exist. */
export function knowsTable({routing}: NodeState, table: TableId, family: Family = 4): boolean {
  const {listedTables} = routing[family]
  return listedTables === 'all' || listedTables.has(table) || listedTables.has(tableName(table))
}

/** True where the capture lists an iptables table. */
export function knowsChains({iptables}: NodeState, table: TableName, family: Family = 4): boolean {
  return iptables.some(ruleset => ruleset.family === family && ruleset.tables.has(table))
}

/** True where the capture tells all addresses of the node. */
export function knowsOwnAddresses({addresses, routing}: NodeState): boolean {
  return addresses !== null || routing[4].localTableListed
}

/** True where ipamd's list of ENIs, or its checkpoint, says which addresses pods have. */
export function knowsAssignments({ipamd}: NodeState): boolean {
  return ipamd !== null && (ipamd.enis !== null || ipamd.checkpoint !== null)
}

/** A setting of the CNI, as ipamd tells it; null where it does not. */
export function setting({ipamd}: NodeState, name: string): string | null {
  return ipamd?.environment.get(name)?.value ?? null
}
