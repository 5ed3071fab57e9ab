import {type IpamdEni, type NodeState, TABLE_DEFAULT, TABLE_LOCAL, TABLE_MAIN, type TableId} from '../../model/index.js'
import {type Claim, proven} from '../claim.js'
import {interfaceOf, mainDefaultRoute, type RoutingIndex} from '../routingIndex.js'
import type {Eni} from './eni.js'
import {findBranches} from './findBranches.js'
import {findTable, supposeTables} from './findTable.js'

/**
 * The ENIs of a node: those that ipamd lists, each joined to its table and interface as far as the capture allows; then interfaces that
 * have a table of their own and that no ENI of ipamd claims; then the branches of a trunk.
 */
export function findEnis(state: NodeState, routing: RoutingIndex): Eni[] {
  const listed = state.ipamd?.enis ?? []
  const branches = findBranches(state, routing)
  const tables = tablesOf(listed, routing)
  const trunkDevice = branches.trunk
  const enis = listed.map(eni => makeEni(eni, tables.get(eni) ?? null, trunkDevice, routing))
  const primary = primaryInterface(routing)
  if (!enis.some(({role}) => role === 'primary') && primary !== null) {
    const table = proven(TABLE_MAIN, 'the primary ENI uses main', primary.evidence)
    enis.unshift({id: null, role: 'primary', ipamd: null, interface: primary, table, vlan: null})
  }
  enis.push(...unlistedEnis(enis, trunkDevice, routing))
  return [...enis, ...branches.enis]
}

/** Out of which the default route of main goes. */
function primaryInterface(routing: RoutingIndex): Claim<string> | null {
  const route = mainDefaultRoute(routing)
  const name = interfaceOf(route)
  return route !== null && name !== null ? proven(name, 'the default route of main', [route]) : null
}

function tablesOf(listed: readonly IpamdEni[], routing: RoutingIndex): Map<IpamdEni, Claim<TableId>> {
  const known = new Map<IpamdEni, Claim<TableId>>()
  for (const eni of listed) {
    const table = findTable(eni, routing)
    if (table !== null) known.set(eni, table)
  }
  return new Map([...known, ...supposeTables(listed, known, routing)])
}

function makeEni(
  eni: IpamdEni,
  table: Claim<TableId> | null,
  trunkDevice: Claim<string> | null,
  routing: RoutingIndex,
): Eni {
  const role = eni.primary ? 'primary' : eni.trunk ? 'trunk' : 'secondary'
  const device = role === 'primary' ? primaryInterface(routing) : interfaceOfTable(table, routing)
  return {
    id: eni.id,
    role,
    ipamd: eni,
    interface: device ?? (role === 'trunk' ? trunkDevice : null),
    table,
    vlan: null,
  }
}

function interfaceOfTable(table: Claim<TableId> | null, routing: RoutingIndex): Claim<string> | null {
  const route = table && routing.defaultRoutes.get(table.value)?.[0]
  const name = interfaceOf(route ?? null)
  if (table === null || !route || name === null) return null
  const claim = proven(name, `the default route of table ${table.value}`, [route])
  return {...claim, proven: table.proven}
}

/** Interfaces with a table that only they serve: an ENI that ipamd does not list, or a capture without ipamd. */
function unlistedEnis(enis: readonly Eni[], trunkDevice: Claim<string> | null, routing: RoutingIndex): Eni[] {
  const claimed = new Set(enis.map(eni => eni.interface?.value))
  const found: Eni[] = []
  for (const [table, [route]] of routing.defaultRoutes) {
    const name = interfaceOf(route ?? null)
    if (route === undefined || name === null || claimed.has(name) || /^vlan/.test(name)) continue
    if (table === TABLE_MAIN || table === TABLE_LOCAL || table === TABLE_DEFAULT) continue
    claimed.add(name)
    found.push({
      id: null,
      role: trunkDevice?.value === name ? 'trunk' : 'secondary',
      ipamd: null,
      interface: proven(name, `the default route of table ${table}`, [route]),
      table: proven(table, 'its default route', [route]),
      vlan: null,
    })
  }
  if (trunkDevice !== null && !claimed.has(trunkDevice.value)) {
    found.push({id: null, role: 'trunk', ipamd: null, interface: trunkDevice, table: null, vlan: null})
  }
  return found
}
