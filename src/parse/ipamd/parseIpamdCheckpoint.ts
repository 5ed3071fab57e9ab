import type {IpamdPod, Parsed, SourceText} from '../../model/index.js'
import {parseAddress} from '../../net/index.js'
import {type Json, type JsonObject, objectAt, stringAt} from './json.js'
import {podNameAt} from './podName.js'
import {evidenceOf} from './readAddressInfo.js'
import {readDocuments, Remarks} from './readDocument.js'

/**
 * ipamd's own record of who has which address: /var/run/aws-node/ipam.json (≥ v1.7), and ipam-nic-N.json of further network cards, of
 * which several may stand one behind the other. Its evidence is the line of the address. Null where the document says nothing.
 */
export function parseIpamdCheckpoint(source: SourceText): Parsed<readonly IpamdPod[] | null> {
  const remarks = new Remarks(source)
  const lists = readDocuments(source, remarks)
    .map(json => readAllocations(json, remarks))
    .filter(list => list !== null)
  return {value: lists.length === 0 ? null : lists.flat(), diagnostics: remarks.all}
}

function readAllocations(json: JsonObject, remarks: Remarks): IpamdPod[] | null {
  const allocations = json.members.get('allocations')?.value
  // Go writes an empty slice that was never filled as null
  if (allocations?.kind !== 'array' && allocations?.kind !== 'null') {
    remarks.add('UNRECOGNISED_DOCUMENT', 'warning', 'No "allocations": not a checkpoint of ipamd.', json.line)
    return null
  }
  const items = allocations.kind === 'array' ? allocations.items : []
  return items.flatMap(item => readAllocation(item, remarks) ?? [])
}

function readAllocation(item: Json, remarks: Remarks): IpamdPod | null {
  if (item.kind === 'object') {
    for (const key of ['ipv4', 'ipv6']) {
      const address = parseAddress(stringAt(item, key) ?? '')
      const member = item.members.get(key)
      if (address === null || member === undefined) continue
      const time = item.members.get('allocationTimestamp')?.value
      return {
        address,
        pod: podNameAt(objectAt(item, 'metadata')),
        containerId: stringAt(item, 'containerID') || null,
        interfaceName: stringAt(item, 'ifName') || null,
        allocatedAt: time?.kind === 'number' && /^\d+$/.test(time.value) ? BigInt(time.value) : null,
        deviceNumber: null,
        ...evidenceOf(member, remarks),
      }
    }
  }
  remarks.add('BAD_JSON', 'warning', 'Expected an allocation with an address.', item.line)
  return null
}
