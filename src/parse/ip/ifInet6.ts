import type {InterfaceAddress, Parsed, SourceText} from '../../model/index.js'
import {readAddress} from './addressWords.js'
import {parseHex6} from './hexAddress.js'
import {readLines, splitWords} from './lines.js'
import {Notes} from './notes.js'
import {scopeOf} from './rtNumbers.js'
import {noteUnread} from './unread.js'
import {Words} from './words.js'

/** IFA_F_* of linux/if_addr.h */
const TEMPORARY = 0x01
const DADFAILED = 0x08
const DEPRECATED = 0x20
const TENTATIVE = 0x40

/** IPV6_ADDR_* scopes of the kernel, as rtnetlink names them. */
const SCOPES: ReadonlyMap<string, string> = new Map([
  ['00', 'global'],
  ['10', 'host'],
  ['20', 'link'],
  ['40', 'site'],
])

/** /proc/net/if_inet6: address, ifindex, prefix length, scope, flags (all hex) and name. Last resort for IPv6 addresses. */
export function parseIfInet6(source: SourceText): Parsed<InterfaceAddress[]> {
  const notes = new Notes(source.name)
  const addresses: InterfaceAddress[] = []
  for (const line of readLines(source, notes)) {
    const [hex = '', , length = '', scope = '', flags = '', name] = splitWords(line.text)
    const text = parseHex6(hex)
    const address =
      text === null
        ? null
        : readAddress(
            new Words([`${text}/${parseInt(length, 16)}`]),
            name ?? '',
            source.name,
            line.number,
            line.text.trim(),
          )
    if (address === null || name === undefined) {
      noteUnread(line, 'a line of /proc/net/if_inet6', notes)
      continue
    }
    const bits = parseInt(flags, 16)
    address.scope = scopeOf(SCOPES.get(scope) ?? '') ?? address.scope
    address.secondary = (bits & TEMPORARY) !== 0
    address.deprecated = (bits & DEPRECATED) !== 0
    address.tentative = (bits & (TENTATIVE | DADFAILED)) !== 0
    addresses.push(address)
  }
  return {value: addresses, diagnostics: notes.diagnostics}
}
