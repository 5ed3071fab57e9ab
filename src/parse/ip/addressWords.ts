import type {AddressScope, InterfaceAddress} from '../../model/index.js'
import {
  type Address,
  addressBits,
  type Family,
  familyOf,
  isLinkLocal,
  isLoopback,
  parseAddress,
} from '../../net/index.js'
import type {Draft} from './draft.js'
import type {Notes} from './notes.js'
import {scopeOf} from './rtNumbers.js'
import type {Words} from './words.js'

/** The scope that the kernel gives an address unless told otherwise; for listings that do not print it. */
export function usualScope(address: Address): AddressScope {
  if (isLoopback(address)) return 'host'
  return typeof address === 'bigint' && isLinkLocal(address) ? 'link' : 'global'
}

/** `10.0.1.10/20`, or `192.0.2.1 peer 192.0.2.2/32`: the length then is the peer's. @returns null where it is no address */
export function readAddress(
  words: Words,
  interfaceName: string,
  document: string,
  line: number,
  text: string,
): Draft<InterfaceAddress> | null {
  const [local, length] = splitLength(words.next() ?? '')
  if (local === null) return null
  const family: Family = typeof local === 'number' ? 4 : 6
  const address: Draft<InterfaceAddress> = {
    family,
    interface: interfaceName,
    address: local,
    prefixLength: length ?? addressBits(family),
    peer: null,
    broadcast: null,
    scope: usualScope(local),
    secondary: false,
    deprecated: false,
    tentative: false,
    source: {document, line},
    text,
  }
  if (words.skip('peer')) {
    const [peer, peerLength] = splitLength(words.next() ?? '')
    address.peer = sameFamily(peer, family)
    if (address.peer !== null) address.prefixLength = peerLength ?? address.prefixLength
  }
  return address
}

/** A damaged line may pair addresses of two families; the kernel does not. */
export function sameFamily(address: Address | null, family: Family): Address | null {
  return address !== null && familyOf(address) === family ? address : null
}

function splitLength(word: string): [Address | null, number | null] {
  const slash = word.indexOf('/')
  const address = parseAddress(slash < 0 ? word : word.slice(0, slash))
  const digits = slash < 0 ? '' : word.slice(slash + 1)
  const length = /^\d{1,3}$/.test(digits) ? Number(digits) : null
  return [
    address,
    length !== null && address !== null && length <= (typeof address === 'number' ? 32 : 128) ? length : null,
  ]
}

/** `brd A scope global secondary dynamic eth0:1`, flags and label in any order. */
export function readAddressWords(words: Words, address: Draft<InterfaceAddress>, notes: Notes): void {
  for (let word = words.next(); word !== undefined; word = words.next()) {
    switch (word) {
      case 'brd':
        address.broadcast = sameFamily(parseAddress(words.next() ?? ''), address.family)
        break
      case 'any':
      case 'metric':
      case 'proto':
        words.next()
        break
      case 'scope':
        address.scope = scopeOf(words.next() ?? '') ?? unknownScope(address, notes)
        break
      case 'secondary':
      case 'temporary': // the IPv6 word for the same bit
        address.secondary = true
        break
      case 'deprecated':
        address.deprecated = true
        break
      case 'tentative':
      case 'dadfailed':
        address.tentative = true
        break
      case 'flags': // busybox: those left, in hex
        words.next()
        break
      default: // dynamic, nodad, mngtmpaddr, noprefixroute, home, autojoin …, or the label
    }
  }
}

function unknownScope(address: Draft<InterfaceAddress>, notes: Notes): AddressScope {
  notes.add(
    'BAD_VALUE',
    'warning',
    'The scope of the address is not known: taken as usual for such an address.',
    address.source.line,
  )
  return address.scope
}
