import {applyEdits, EditError} from '../../src/edit/index.js'
import {type NodeState, tableName} from '../../src/model/index.js'
import {formatAddress} from '../../src/net/index.js'

/** The rules of the routing policy database after some edits, a line each. */
export function rulesAfter(node: NodeState, edit: string, family: 4 | 6 = 4): string[] {
  return (applyEdits(node, [edit]).state.routing[family].rules ?? []).map(({text}) => text.trim().replace(/\s+/g, ' '))
}

/** `TABLE DESTINATION DEVICE`, of all but the local table. */
export function routesAfter(node: NodeState, edit: string): string[] {
  return (applyEdits(node, [edit]).state.routing[4].routes ?? []).map(({table, type, destination, nextHops, metric}) =>
    [
      tableName(table),
      type === 'unicast' ? '' : type,
      destination.length === 0 ? 'default' : `${formatAddress(destination.address)}/${destination.length}`,
      nextHops.map(hop => hop.interface).join('+'),
      metric === 0 ? '' : `metric ${metric}`,
    ]
      .filter(part => part !== '')
      .join(' '),
  )
}

/** The rules of a chain after some edits, with their numbers; first the policy of a base chain. */
export function chainAfter(node: NodeState, edit: string, table: string, name: string): string[] {
  const chain = applyEdits(node, [edit]).state.iptables[0]?.tables.get(table)?.chains.get(name)
  if (chain === undefined) return ['no chain']
  return [...(chain.policy === null ? [] : [chain.policy]), ...chain.rules.map(({number, text}) => `${number} ${text}`)]
}

/** What is said of an edit that is refused. */
export function refusalOf(node: NodeState, edit: string): string {
  try {
    applyEdits(node, [edit])
    return 'taken'
  } catch (error) {
    if (error instanceof EditError) return error.message
    throw error
  }
}
