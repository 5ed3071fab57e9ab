import {
  addressBits,
  type Family,
  familyOf,
  ICMP,
  ICMPV6,
  makePrefix,
  parseAddress,
  parseMac,
  parsePortRange,
  parsePrefix,
  parseProtocol,
  parseUint32,
  TCP,
} from '../../net/index.js'
import type {IpSetPart} from '../../model/index.js'
import {parseIcmpType} from '../shared/icmpTypes.js'

/** What the set's header says of how its addresses are to be read. */
export interface AddressMasks {
  /** `netmask N`: the set compares that many bits. Null: all. */
  readonly netmask: number | null
  /** `bitmask M` (ipset 7.17), or a netmask on a set of networks: not modelled. */
  readonly unmodelled: boolean
}

/** One dimension of an entry; what cannot be read is `unknown`, which no packet is known to match or miss. */
export function parsePart(dimension: string, text: string, bitmap: boolean, masks: AddressMasks): IpSetPart {
  return read(dimension, text, bitmap, masks) ?? {kind: 'unknown', text}
}

function read(dimension: string, text: string, bitmap: boolean, masks: AddressMasks): IpSetPart | null {
  switch (dimension) {
    case 'ip':
    case 'net':
      return masks.unmodelled ? null : readAddress(text, masks.netmask)
    case 'port':
      return bitmap ? readBitmapPort(text) : readPort(text)
    case 'mac': {
      const mac = parseMac(text)
      return mac === null ? null : {kind: 'mac', mac}
    }
    case 'mark': {
      const mark = parseUint32(text)
      return mark === null ? null : {kind: 'mark', mark}
    }
    case 'iface': {
      const physdev = text.startsWith('physdev:')
      return {kind: 'interface', name: physdev ? text.slice('physdev:'.length) : text, physdev, wildcard: false}
    }
    case 'set':
      return {kind: 'member', set: text}
    default:
      return null
  }
}

/** `10.0.0.1`, `10.0.0.0/8`, `10.0.0.1-10.0.0.9`. */
function readAddress(text: string, netmask: number | null): IpSetPart | null {
  const dash = text.indexOf('-')
  if (dash > 0) {
    const first = parseAddress(text.slice(0, dash))
    const last = parseAddress(text.slice(dash + 1))
    if (first === null || last === null || typeof first !== typeof last || first > last) return null
    return {kind: 'range', first, last}
  }
  if (netmask === null) {
    const prefix = parsePrefix(text)
    return prefix === null ? null : {kind: 'net', prefix}
  }
  const address = parseAddress(text)
  if (address === null || netmask > addressBits(familyOf(address))) return null
  return {kind: 'net', prefix: makePrefix(address, netmask)}
}

function readBitmapPort(text: string): IpSetPart | null {
  const range = parsePortRange(text, '-')
  return range === null ? null : {kind: 'port', protocol: null, range}
}

/** `tcp:80`, `icmp:echo-request`, `icmp:8/5`, `99:0`; a bare number is TCP. */
function readPort(text: string): IpSetPart | null {
  const colon = text.indexOf(':')
  const protocol = colon < 0 ? TCP : parseProtocol(text.slice(0, colon))
  const value = text.slice(colon + 1)
  if (protocol === null) return null
  if (protocol === ICMP || protocol === ICMPV6) {
    const family: Family = protocol === ICMP ? 4 : 6
    const icmp = parseIcmpType(value, family)
    return icmp?.type == null ? null : {kind: 'icmp', protocol, type: icmp.type, code: icmp.code.min}
  }
  const range = parsePortRange(value, '-')
  return range === null ? null : {kind: 'port', protocol, range}
}
