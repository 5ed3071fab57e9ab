import {type JsonObject, objectAt, stringAt} from './json.js'

/**
 * Which CNI versions write `/v1/enis` in this shape. Markers that need an ENI or an assigned address widen the range where there is none.
 * @param pools one for each network card
 * @param wrapped the pools stand in an object keyed by network card
 */
export function recogniseEnisShape(pools: readonly JsonObject[], wrapped: boolean): string {
  if (pools.some(pool => pool.members.has('ENIIPPools'))) return '1.0 – 1.6'
  const enis = pools.flatMap(pool => children(objectAt(pool, 'ENIs')))
  if (wrapped) return shapeOfCards(enis)
  if (enis.some(eni => eni.members.has('IPv4Addresses'))) return '1.7 – 1.8'
  const blocks = enis.flatMap(eni => children(objectAt(eni, 'AvailableIPv4Cidrs')))
  if (blocks.some(block => block.members.has('IPv4Addresses'))) return '1.9 – 1.10'
  if (infosOf(enis).some(info => info.members.has('IPAMMetadata'))) return '1.11 – 1.19'
  return enis.length === 0 ? '1.7 – 1.19' : '1.10 – 1.19'
}

function shapeOfCards(enis: readonly JsonObject[]): string {
  if (enis.length === 0) return '≥ 1.20'
  if (!enis.some(eni => eni.members.has('SubnetID') || eni.members.has('IsExcludedForPodIPs'))) {
    return enis.some(eni => eni.members.has('RouteTableID')) ? '1.20.3 – 1.21' : '1.20.0 – 1.20.2'
  }
  const keys = infosOf(enis)
    .map(info => objectAt(info, 'IPAMKey'))
    .filter(key => key !== null && stringAt(key, 'networkName'))
  if (keys.length === 0) return '≥ 1.22'
  return keys.every(key => key !== null && stringAt(key, 'containerID') === '') ? '≥ 1.23' : '1.22'
}

function infosOf(enis: readonly JsonObject[]): JsonObject[] {
  return enis
    .flatMap(eni => [...children(objectAt(eni, 'AvailableIPv4Cidrs')), ...children(objectAt(eni, 'IPv6Cidrs'))])
    .flatMap(block => children(objectAt(block, 'IPAddresses')))
}

function children(json: JsonObject | null): JsonObject[] {
  return [...(json?.members.values() ?? [])].flatMap(({value}) => (value.kind === 'object' ? [value] : []))
}
