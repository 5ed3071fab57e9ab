import {tableName} from '../../model/index.js'
import type {Eni} from '../enis/eni.js'

const known = new WeakMap<Eni, string>()

/** `primary`, `secondary, table 2`, `branch, VLAN 7, table 107`. Of an ENI that thousands of flows leave by, once. */
export function eniRole(eni: Eni): string {
  let text = known.get(eni)
  if (text === undefined) known.set(eni, (text = describe(eni)))
  return text
}

function describe({role, vlan, table}: Eni): string {
  return [
    role,
    ...(vlan === null ? [] : [`VLAN ${vlan}`]),
    ...(table === null || role === 'primary' ? [] : [`table ${tableName(table.value)}`]),
  ].join(', ')
}
