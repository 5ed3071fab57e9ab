import {tableName} from '../../model/index.js'
import type {Eni} from '../enis/eni.js'

/** `primary`, `secondary, table 2`, `branch, VLAN 7, table 107`. */
export function eniRole({role, vlan, table}: Eni): string {
  return [
    role,
    ...(vlan === null ? [] : [`VLAN ${vlan}`]),
    ...(table === null || role === 'primary' ? [] : [`table ${tableName(table.value)}`]),
  ].join(', ')
}
