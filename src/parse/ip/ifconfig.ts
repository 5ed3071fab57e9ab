import type {Parsed, SourceText} from '../../model/index.js'
import {type Address, addressBits, maskLength, parseAddress, parseMac} from '../../net/index.js'
import {readAddress, sameFamily} from './addressWords.js'
import {type Line, readLines, splitWords} from './lines.js'
import {emptyLink, type Interfaces, type LinkDraft} from './linkDraft.js'
import {Notes} from './notes.js'
import {scopeOf} from './rtNumbers.js'
import {noteUnread} from './unread.js'
import {Words} from './words.js'

const STATISTICS = /^(RX|TX|collisions|device|Interrupt|Memory|Base address|inet6? not)/
const FLAGS =
  /^(UP|BROADCAST|DEBUG|LOOPBACK|POINTOPOINT|NOTRAILERS|RUNNING|NOARP|PROMISC|ALLMULTI|SLAVE|MASTER|MULTICAST|DYNAMIC|MTU:)\b/

/**
 * `ifconfig -a` of net-tools 1 and 2 and of busybox. It knows no ifindex, no peer and no address but the first and those with a label
 * (`eth0:1`, listed as an interface): other secondary addresses are missing.
 */
export function parseIfconfig(source: SourceText): Parsed<Interfaces> {
  const notes = new Notes(source.name)
  const found: {links: LinkDraft[]; addresses: Interfaces['addresses']} = {links: [], addresses: []}
  let link: LinkDraft | null = null
  for (const line of readLines(source, notes)) {
    const begun = beginLink(line, source.name)
    if (begun !== null) {
      // eth0:1 is a label of an address on eth0
      link = found.links.find(({name}) => name === begun.name) ?? begun
      if (link === begun) found.links.push(begun)
    }
    const read = link !== null && readDetail(line, link, found.addresses, source.name)
    if (!read && begun === null) noteUnread(line, 'a line of ifconfig', notes)
  }
  return {value: found, diagnostics: notes.diagnostics}
}

/** `eth0: flags=4163<UP,BROADCAST>  mtu 1500` or `eth0      Link encap:Ethernet  HWaddr 82:83:F6:54:BF:63` */
function beginLink(line: Line, document: string): LinkDraft | null {
  const modern = /^(\S+): flags=\d+<([^>]*)>(?: +mtu (\d+))?/.exec(line.text)
  const classic = modern === null ? /^(\S+) +Link encap:(?:.*HWaddr (\S+))?/.exec(line.text) : null
  const name = (modern ?? classic)?.[1]
  if (name === undefined) return null
  const link = emptyLink(name.replace(/:.*/, ''), document, line.number, line.text)
  if (modern !== null) {
    link.flags = new Set((modern[2] ?? '').split(',').filter(flag => flag !== ''))
    link.mtu = modern[3] === undefined ? null : Number(modern[3])
  }
  link.mac = parseMac(classic?.[2] ?? '')
  return link
}

function readDetail(line: Line, link: LinkDraft, addresses: Interfaces['addresses'], document: string): boolean {
  const text = line.text.trim()
  if (/^inet6? /.test(text)) {
    const address = addressOf(text, link.name, document, line.number)
    if (address !== null) addresses.push(address)
    return address !== null
  }
  const ether = /^ether (\S+)/.exec(text)
  if (ether !== null) link.mac = parseMac(ether[1] ?? '')
  else if (FLAGS.test(text)) readClassicFlags(text, link)
  else return STATISTICS.test(text) || /^(loop|unspec|tunnel|infiniband|ppp|sit|ipip|UNSPEC) /.test(text)
  return true
}

/** UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1 */
function readClassicFlags(text: string, link: LinkDraft): void {
  for (const word of splitWords(text)) {
    if (word.startsWith('MTU:')) link.mtu = Number(word.slice(4))
    else if (!word.includes(':')) link.flags.add(word)
  }
}

/**
 *     inet 10.0.1.10  netmask 255.255.240.0  broadcast 10.0.15.255  destination 10.0.1.11
 *     inet6 fe80::1  prefixlen 64  scopeid 0x20<link>
 *     inet addr:10.0.1.10  P-t-P:10.0.1.11  Bcast:10.0.15.255  Mask:255.255.240.0
 *     inet6 addr: fe80::1/64 Scope:Link
 */
function addressOf(text: string, name: string, document: string, line: number): Interfaces['addresses'][number] | null {
  const local = /^inet6? (?:addr: ?)?(\S+)/.exec(text)?.[1] ?? ''
  const address = readAddress(new Words([local]), name, document, line, text)
  if (address === null) return null
  const mask = addressAfter(text, /(?:netmask |Mask:)(\S+)/)
  const length = /prefixlen (\d{1,3})/.exec(text)?.[1]
  if (mask !== null) address.prefixLength = maskLength(mask) ?? addressBits(address.family)
  if (length !== undefined && Number(length) <= addressBits(address.family)) address.prefixLength = Number(length)
  address.broadcast = sameFamily(addressAfter(text, /(?:broadcast |Bcast:)(\S+)/), address.family)
  // net-tools 2 prints 0.0.0.0 where the address has none
  if (address.broadcast === 0) address.broadcast = null
  address.peer = sameFamily(addressAfter(text, /(?:destination |P-t-P:)(\S+)/), address.family)
  const scope = /scopeid \S*<(\w+)>|Scope:(\w+)/.exec(text)
  address.scope = scopeOf((scope?.[1] ?? scope?.[2] ?? '').toLowerCase()) ?? address.scope
  return address
}

function addressAfter(text: string, pattern: RegExp): Address | null {
  return parseAddress(pattern.exec(text)?.[1] ?? '')
}
