import {type JsonEniRow, tableName} from '../model/index.js'
import type {EksNode, Eni} from '../eks/index.js'

/** The ENIs of the node: those of ipamd, those that only routes speak of, then branches. */
export function listEnis(eks: EksNode): JsonEniRow[] {
  return eks.enis.map(eni => ({
    id: eni.id,
    deviceNumber: eni.ipamd?.deviceNumber ?? null,
    role: eni.vlan === null ? eni.role : `${eni.role}, VLAN ${eni.vlan}`,
    interface: eni.interface?.value ?? null,
    table: eni.table === null ? null : tableName(eni.table.value),
    addresses: eni.ipamd?.addresses.length ?? 0,
    assigned: eni.ipamd?.addresses.filter(({assigned}) => assigned).length ?? 0,
    source: firstLine(eni),
  }))
}

function firstLine({ipamd, interface: device, table}: Eni): JsonEniRow['source'] {
  return ipamd?.source ?? device?.evidence[0]?.source ?? table?.evidence[0]?.source ?? null
}
