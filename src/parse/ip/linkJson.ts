import type {InterfaceAddress} from '../../model/index.js'
import {parseMac} from '../../net/index.js'
import {readAddress, readAddressWords} from './addressWords.js'
import {asList, asNumber, asObject, asString, type JsonObject, type JsonRecord} from './jsonRecords.js'
import {emptyLink, type LinkDraft} from './linkDraft.js'
import type {Notes} from './notes.js'
import {Words} from './words.js'

/** An interface of `ip -j link` or `ip -j addr`; null for an object that names none. */
export function linkOf({value, line, text}: JsonRecord, document: string): LinkDraft | null {
  const name = asString(value['ifname'])
  if (name === null) return null
  const link = emptyLink(name, document, line, text)
  const info = asObject(value['linkinfo'])
  link.index = asNumber(value['ifindex'])
  link.flags = new Set(asList(value['flags']).map(String))
  link.mtu = asNumber(value['mtu'])
  link.mac = parseMac(asString(value['address']) ?? '')
  link.parent = parentOf(value)
  link.master = asString(value['master'])
  link.kind = asString(info?.['info_kind'])
  link.vlanId = link.kind === 'vlan' ? asNumber(asObject(info?.['info_data'])?.['id']) : null
  link.peerNamespace = asString(value['link_netns']) ?? asString(value['link_netnsid'])
  link.group = asString(value['group']) ?? 'default'
  link.alternativeNames = asList(value['altnames']).map(String)
  return link
}

/** `link`: a name; `link_index`: a number in another namespace, which the text form prints as `ifN`. */
function parentOf(json: JsonObject): string | null {
  const index = asNumber(json['link_index'])
  return asString(json['link']) ?? (index === null ? null : `if${index}`)
}

/** The addresses of an interface, which `ip -j addr` nests in it. */
export function addressesOf({value, line}: JsonRecord, document: string, notes: Notes): InterfaceAddress[] {
  const name = asString(value['ifname']) ?? ''
  return asList(value['addr_info']).flatMap(item => {
    const json = asObject(item)
    if (json === null || Object.keys(json).length === 0) return []
    const words = new Words(addressWordsOf(json))
    const address = readAddress(words, name, document, line, JSON.stringify(json))
    if (address === null) {
      notes.add('BAD_VALUE', 'warning', `An address of ${name} cannot be read.`, line)
      return []
    }
    readAddressWords(words, address, notes)
    return [address]
  })
}

/** `address` is the peer's, where there is one. */
function addressWordsOf(json: JsonObject): string[] {
  const local = asString(json['local']) ?? ''
  const peer = asString(json['address'])
  const length = asString(json['prefixlen']) ?? ''
  const broadcast = asString(json['broadcast'])
  return [
    ...(peer === null ? [`${local}/${length}`] : [local, 'peer', `${peer}/${length}`]),
    ...(broadcast === null ? [] : ['brd', broadcast]),
    'scope',
    asString(json['scope']) ?? '',
    ...Object.keys(json).filter(key => json[key] === true),
  ]
}
