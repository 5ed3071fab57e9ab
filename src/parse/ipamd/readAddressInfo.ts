import type {IpamdAddress} from '../../model/index.js'
import {parseAddress} from '../../net/index.js'
import {isTrueAt, type JsonMember, type JsonObject, objectAt, stringAt} from './json.js'
import {podNameAt} from './podName.js'
import type {Remarks} from './readDocument.js'

/**
 * The members of an `IPv4Addresses` (≤ v1.10) or `IPAddresses` object: `"10.0.3.17": {…}` each.
 *
 * Assigned is said by `Assigned` until v1.6 and by a key that names a network after that: v1.23 blanks the container and the interface
 * for privacy, but not the network.
 */
export function* readAddressInfos(addresses: JsonObject, remarks: Remarks): Generator<IpamdAddress> {
  for (const [key, member] of addresses.members) {
    const address = parseAddress(key)
    if (address === null || member.value.kind !== 'object') {
      remarks.add('BAD_JSON', 'warning', 'Expected an address and its state.', member.line)
      continue
    }
    yield {address, ...readState(member.value), ...evidenceOf(member, remarks)}
  }
}

function readState(info: JsonObject): Omit<IpamdAddress, 'address' | 'source' | 'text'> {
  const key = objectAt(info, 'IPAMKey')
  if (key === null) {
    return {assigned: isTrueAt(info, 'Assigned'), pod: null, containerId: null, interfaceName: null}
  }
  const containerId = stringAt(key, 'containerID') || null
  return {
    assigned: Boolean(stringAt(key, 'networkName')) || containerId !== null,
    pod: podNameAt(objectAt(info, 'IPAMMetadata')),
    containerId,
    interfaceName: stringAt(key, 'ifName') || null,
  }
}

export function evidenceOf(member: JsonMember, remarks: Remarks): Pick<IpamdAddress, 'source' | 'text'> {
  return {source: {document: remarks.document, line: member.line}, text: member.text}
}
