import type {IpamdAddress, IpamdEni, Parsed, SourceRef, SourceText} from '../../model/index.js'
import {parsePrefix, type Prefix} from '../../net/index.js'
import {recogniseEnisShape} from './enisShape.js'
import {integerAt, isTrueAt, type JsonMember, type JsonObject, objectAt, stringAt} from './json.js'
import {evidenceOf, readAddressInfos} from './readAddressInfo.js'
import {readDocument, Remarks} from './readDocument.js'

export interface IpamdEnis {
  readonly enis: readonly IpamdEni[]
  /** CNI versions that write this shape: `1.7 – 1.8`, `≥ 1.23`. */
  readonly shape: string
  readonly source: SourceRef
}

/**
 * `/v1/enis` of ipamd, all shapes of v1.0 … v1.23.
 * Null where the document says nothing: empty, cut, or the answer to another question.
 */
export function parseIpamdEnis(source: SourceText): Parsed<IpamdEnis | null> {
  const remarks = new Remarks(source)
  const json = readDocument(source, remarks)
  if (json === null) return {value: null, diagnostics: remarks.all}
  const cards = networkCards(json)
  if (cards === null) {
    remarks.add(
      'UNRECOGNISED_DOCUMENT',
      'warning',
      'Neither "ENIs" nor "ENIIPPools": not the ENIs of ipamd.',
      json.line,
    )
    return {value: null, diagnostics: remarks.all}
  }
  const enis = cards.flatMap(card => [...readCard(card, remarks)])
  const shape = recogniseEnisShape(
    cards.map(card => card.pool),
    cards.some(card => card.wrapped),
  )
  return {value: {enis, shape, source: {document: source.name, line: json.line}}, diagnostics: remarks.all}
}

interface Card {
  readonly number: number
  readonly wrapped: boolean
  readonly pool: JsonObject
}

/** Since v1.20 one pool for each network card, `{"0": {…}, "1": {…}}`; before, the one of card 0 without a wrapper. */
function networkCards(json: JsonObject): Card[] | null {
  if (isPool(json)) return [{number: 0, wrapped: false, pool: json}]
  const cards: Card[] = []
  for (const [key, {value}] of json.members) {
    if (!/^\d{1,3}$/.test(key) || value.kind !== 'object' || !isPool(value)) return null
    cards.push({number: Number(key), wrapped: true, pool: value})
  }
  return cards.length > 0 ? cards : null
}

function isPool(json: JsonObject): boolean {
  return json.members.has('ENIs') || json.members.has('ENIIPPools')
}

function* readCard(card: Card, remarks: Remarks): Generator<IpamdEni> {
  const enis = objectAt(card.pool, 'ENIs') ?? objectAt(card.pool, 'ENIIPPools')
  for (const [id, member] of enis?.members ?? []) {
    const eni = member.value.kind === 'object' ? member.value : null
    const deviceNumber = eni && integerAt(eni, 'DeviceNumber')
    if (eni === null || deviceNumber === null) {
      remarks.add('BAD_JSON', 'warning', 'Expected an ENI with its device number.', member.line)
      continue
    }
    const addresses: IpamdAddress[] = []
    const prefixes: Prefix[] = []
    readAddresses(eni, addresses, prefixes, remarks)
    yield {
      id: stringAt(eni, 'ID') || id,
      networkCard: card.number,
      deviceNumber,
      primary: isTrueAt(eni, 'IsPrimary'),
      trunk: isTrueAt(eni, 'IsTrunk'),
      efa: isTrueAt(eni, 'IsEFA'),
      routeTable: integerAt(eni, 'RouteTableID'),
      subnetId: stringAt(eni, 'SubnetID') || null,
      excludedForPods: isTrueAt(eni, 'IsExcludedForPodIPs'),
      addresses,
      prefixes,
      ...evidenceOf(member, remarks),
    }
  }
}

function readAddresses(eni: JsonObject, addresses: IpamdAddress[], prefixes: Prefix[], remarks: Remarks): void {
  const direct = objectAt(eni, 'IPv4Addresses')
  if (direct !== null) addresses.push(...readAddressInfos(direct, remarks))
  for (const family of ['AvailableIPv4Cidrs', 'IPv6Cidrs']) {
    for (const [key, member] of objectAt(eni, family)?.members ?? []) {
      // `10.0.3.17/32`, or with prefix delegation `10.0.2.0/28` and `2600:…::/80`
      const block = parsePrefix(key)
      const {value} = member
      if (value.kind !== 'object' || block === null) {
        remarks.add('BAD_JSON', 'warning', 'Expected a block of addresses.', member.line)
        continue
      }
      const infos = objectAt(value, 'IPAddresses') ?? objectAt(value, 'IPv4Addresses')
      if (infos !== null) addresses.push(...readAddressInfos(infos, remarks))
      if (isTrueAt(value, 'IsPrefix')) prefixes.push(block)
      else if (infos?.members.size === 0) addresses.push(idleAddress(block, member, remarks))
    }
  }
}

/** Since v1.9 an address that no pod has is a /32 block with nothing inside. */
function idleAddress(block: Prefix, member: JsonMember, remarks: Remarks): IpamdAddress {
  const {address} = block
  return {
    address,
    assigned: false,
    pod: null,
    containerId: null,
    interfaceName: null,
    ...evidenceOf(member, remarks),
  }
}
