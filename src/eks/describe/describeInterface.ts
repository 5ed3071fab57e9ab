import {tableName} from '../../model/index.js'
import type {EksNode} from '../eksNode.js'
import {interfaceRole} from '../interfaceRole.js'
import {describePod} from './describeAddress.js'

/** `eth1 (eni-08f89b8d2799ddf95, secondary ENI, table 2)`, `eni6a241e7f902 (pod default/web-0)`; the bare name where nothing is known. */
export function describeInterface(node: EksNode, name: string): string {
  const eni = node.eniOfInterface(name)
  if (eni !== null) {
    const vlan = eni.vlan === null ? [] : [`VLAN ${eni.vlan}`]
    const table = eni.table === null || eni.role === 'primary' ? [] : [`table ${tableName(eni.table.value)}`]
    return `${name} (${[...(eni.id === null ? [] : [eni.id]), `${eni.role} ENI`, ...vlan, ...table].join(', ')})`
  }
  const pods = node.podsOfInterface(name)
  if (pods.length > 0) return `${name} (${pods.map(describePod).join(', ')})`
  const role = interfaceRole(node, name)
  return role === 'unknown' ? name : `${name} (${role})`
}
