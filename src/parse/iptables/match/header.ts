import {familyOf, parseAddress, parseMac, parseMasked, parseUint32} from '../../../net/index.js'
import {dscpOfClass} from '../values/dscp.js'
import {parseNumberRange} from '../values/numberRange.js'
import {parseTos} from '../values/tos.js'
import {neededOptions, type ReadOption} from './loadedMatch.js'

/** Modules that look at one field of the packet: mark, length, ttl, hl, dscp, tos, ecn, pkttype, mac, tcpmss, iprange, cpu, realm, nfacct. */

function readMark(kind: 'mark' | 'connmark'): ReadOption {
  return reader => {
    const mark = parseMasked(reader.value() ?? '')
    return mark === null ? null : {kind, negated: reader.negated, mark}
  }
}

export const mark = neededOptions({'--mark': readMark('mark')})
export const connmark = neededOptions({'--mark': readMark('connmark')})

export const length = neededOptions({
  '--length': reader => {
    const range = parseNumberRange(reader.value() ?? '', 65535)
    return range === null ? null : {kind: 'length', negated: reader.negated, range}
  },
})

export const tcpmss = neededOptions({
  '--mss': reader => {
    const range = parseNumberRange(reader.value() ?? '', 65535)
    return range === null ? null : {kind: 'tcp-mss', negated: reader.negated, range}
  },
})

function readTtl(operator: 'eq' | 'lt' | 'gt'): ReadOption {
  return reader => {
    const value = parseUint32(reader.value() ?? '')
    return value === null || value > 255 ? null : {kind: 'ttl', negated: reader.negated, operator, value}
  }
}

export const ttl = neededOptions({
  '--ttl': readTtl('eq'),
  '--ttl-eq': readTtl('eq'),
  '--ttl-lt': readTtl('lt'),
  '--ttl-gt': readTtl('gt'),
})

/** IPv6's name for it. */
export const hl = neededOptions({
  '--hl': readTtl('eq'),
  '--hl-eq': readTtl('eq'),
  '--hl-lt': readTtl('lt'),
  '--hl-gt': readTtl('gt'),
})

export const dscp = neededOptions({
  '--dscp': reader => {
    const value = parseUint32(reader.value() ?? '')
    return value === null || value > 63 ? null : {kind: 'dscp', negated: reader.negated, value}
  },
  '--dscp-class': reader => {
    const value = dscpOfClass(reader.value() ?? '')
    return value === null ? null : {kind: 'dscp', negated: reader.negated, value}
  },
})

export const tos = neededOptions({
  '--tos': reader => {
    const value = parseTos(reader.value() ?? '')
    return value === null ? null : {kind: 'tos', negated: reader.negated, tos: value}
  },
})

export const ecn = neededOptions({
  '--ecn-tcp-cwr': ({negated}) => ({kind: 'ecn', negated, field: 'tcp-cwr', value: null}),
  '--ecn-tcp-ece': ({negated}) => ({kind: 'ecn', negated, field: 'tcp-ece', value: null}),
  '--ecn-ip-ect': reader => {
    const value = parseUint32(reader.value() ?? '')
    return value === null || value > 3 ? null : {kind: 'ecn', negated: reader.negated, field: 'ip-ect', value}
  },
})

export const pkttype = neededOptions({
  '--pkt-type': reader => {
    const type = reader.value()
    if (type !== 'unicast' && type !== 'broadcast' && type !== 'multicast') return null
    return {kind: 'packet-type', negated: reader.negated, type}
  },
})

export const mac = neededOptions({
  '--mac-source': reader => {
    const address = parseMac(reader.value() ?? '')
    return address === null ? null : {kind: 'mac-source', negated: reader.negated, mac: address}
  },
})

function readRange(side: 'source' | 'destination'): ReadOption {
  return reader => {
    const value = reader.value() ?? ''
    const dash = value.indexOf('-')
    const first = parseAddress(dash < 0 ? value : value.slice(0, dash))
    const last = dash < 0 ? first : parseAddress(value.slice(dash + 1))
    if (first === null || last === null || familyOf(first) !== reader.family || familyOf(last) !== reader.family)
      return null
    return {kind: 'ip-range', negated: reader.negated, side, first, last}
  }
}

export const iprange = neededOptions({'--src-range': readRange('source'), '--dst-range': readRange('destination')})

export const cpu = neededOptions({
  '--cpu': reader => {
    const number = parseUint32(reader.value() ?? '')
    return number === null ? null : {kind: 'cpu', negated: reader.negated, cpu: number}
  },
})

export const realm = neededOptions({
  '--realm': reader => {
    const text = reader.value()
    return text === null ? null : {kind: 'realm', negated: reader.negated, realm: parseMasked(text), text}
  },
})

export const nfacct = neededOptions({
  '--nfacct-name': reader => {
    const name = reader.text()
    return name === null ? null : {kind: 'accounting', negated: false, name}
  },
})

export const comment = neededOptions({
  '--comment': reader => {
    const text = reader.text()
    return text === null ? null : {kind: 'comment', negated: false, text}
  },
})
