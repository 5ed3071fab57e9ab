import {type Family, formatAddress, formatPortRange, protocolName} from '../../../net/index.js'
import type {IpvsQuestion, Match} from '../../../model/index.js'
import {formatAddressMask, formatHostMask, formatInterface, formatMaskedHex, formatRange, hex} from './values.js'
import {quote} from './quote.js'

const FLAG_NAMES = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'] as const
/** Modules of the two ends of a connection's tuple: `orig` + `src`. */
const TUPLES = {original: 'orig', reply: 'repl'} as const
const SIDES = {source: 'src', destination: 'dst'} as const

export interface FormatContext {
  readonly family: Family
  /** Name of the module that holds the ports of the rule's protocol: tcp where the rule names none. */
  readonly portModule: string
}

/** One match as iptables-save prints it, with its `-m`; the printed rule may name a module more often than iptables does. */
export function formatMatch(match: Match, context: FormatContext): string {
  const not = match.negated ? '! ' : ''
  switch (match.kind) {
    case 'source':
      return `${not}-s ${formatAddressMask(match.prefix)}`
    case 'destination':
      return `${not}-d ${formatAddressMask(match.prefix)}`
    case 'in-interface':
      return `${not}-i ${formatInterface(match)}`
    case 'out-interface':
      return `${not}-o ${formatInterface(match)}`
    case 'protocol':
      return `${not}-p ${protocolName(match.protocol)}`
    case 'fragment':
      return `${not}-f`
    case 'source-port':
      return `-m ${context.portModule} ${not}--sport ${formatPortRange(match.range)}`
    case 'destination-port':
      return `-m ${context.portModule} ${not}--dport ${formatPortRange(match.range)}`
    case 'multiport': {
      const option = {source: '--sports', destination: '--dports', either: '--ports'}[match.side]
      return `-m multiport ${not}${option} ${match.ranges.map(range => formatPortRange(range)).join(',')}`
    }
    case 'tcp-flags':
      return `-m tcp ${not}--tcp-flags ${formatFlags(match.mask)} ${formatFlags(match.flags)}`
    case 'tcp-option':
      return `-m tcp ${not}--tcp-option ${match.option}`
    case 'icmp':
      return `-m ${context.family === 4 ? 'icmp' : 'icmp6'} ${not}--${context.family === 4 ? 'icmp' : 'icmpv6'}-type ${formatIcmp(match)}`
    case 'comment':
      return `-m comment --comment ${quote(match.text)}`
    case 'mark':
      return `-m mark ${not}--mark ${formatMaskedHex(match.mark)}`
    case 'connmark':
      return `-m connmark ${not}--mark ${formatMaskedHex(match.mark)}`
    case 'ct-state':
      return match.module === 'state'
        ? `-m state ${not}--state ${match.states.join(',')}`
        : `-m conntrack ${not}--ctstate ${match.states.join(',')}`
    case 'ct-status':
      return `-m conntrack ${not}--ctstatus ${match.statuses.join(',')}`
    case 'ct-direction':
      return `-m conntrack ${not}--ctdir ${match.direction}`
    case 'ct-protocol':
      return `-m conntrack ${not}--ctproto ${match.protocol}`
    case 'ct-address':
      return `-m conntrack ${not}--ct${TUPLES[match.tuple]}${SIDES[match.side]} ${formatHostMask(match.prefix)}`
    case 'ct-port':
      return `-m conntrack ${not}--ct${TUPLES[match.tuple]}${SIDES[match.side]}port ${formatPortRange(match.range)}`
    case 'ct-expire':
      return `-m conntrack ${not}--ctexpire ${formatRange(match.range)}`
    case 'address-type': {
      const limit = match.limit === null ? '' : ` --limit-iface-${match.limit}`
      return `-m addrtype ${not}--${SIDES[match.side]}-type ${match.types.join(',')}${limit}`
    }
    case 'ip-range':
      return `-m iprange ${not}--${SIDES[match.side]}-range ${formatAddress(match.first)}-${formatAddress(match.last)}`
    case 'set': {
      const options = [...(match.returnNomatch ? ['--return-nomatch'] : []), ...match.options]
      return [`-m set ${not}--match-set ${quote(match.set)} ${match.directions.join(',')}`, ...options].join(' ')
    }
    case 'statistic-random':
      return `-m statistic --mode random ${not}--probability ${match.probability.toFixed(11)}`
    case 'statistic-nth':
      return `-m statistic --mode nth ${not}--every ${match.every} --packet ${match.packet}`
    case 'recent':
      return formatRecent(match)
    case 'length':
      return `-m length ${not}--length ${formatRange(match.range)}`
    case 'ttl':
      return context.family === 4
        ? `-m ttl ${not}--ttl-${match.operator} ${match.value}`
        : `-m hl ${not}--hl-${match.operator} ${match.value}`
    case 'dscp':
      return `-m dscp ${not}--dscp ${hex(match.value)}`
    case 'tos':
      return `-m tos ${not}--tos ${hex(match.tos.value)}/${hex(match.tos.mask)}`
    case 'ecn':
      return `-m ecn ${not}--ecn-${match.field}${match.value === null ? '' : ` ${match.value}`}`
    case 'packet-type':
      return `-m pkttype ${not}--pkt-type ${match.type}`
    case 'mac-source':
      return `-m mac ${not}--mac-source ${match.mac}`
    case 'physdev': {
      const name = match.option === 'in' || match.option === 'out' ? ` ${formatInterface(match)}` : ''
      return `-m physdev ${not}--physdev-${match.option}${name}`
    }
    case 'rp-filter': {
      const options = [
        match.loose ? ' --loose' : '',
        match.validMark ? ' --validmark' : '',
        match.acceptLocal ? ' --accept-local' : '',
        match.invert ? ' --invert' : '',
      ]
      return `-m rpfilter${options.join('')}`
    }
    case 'realm':
      return `-m realm ${not}--realm ${match.text}`
    case 'owner':
      // belongs to the --gid-owner before it
      return match.field === 'suppl-groups' ? match.text : `-m owner ${not}${match.text}`
    case 'cpu':
      return `-m cpu ${not}--cpu ${match.cpu}`
    case 'ipvs':
      return `-m ipvs ${not}--${match.asks.option}${formatIpvsValue(match.asks)}`
    case 'socket':
      return `-m socket ${match.text}`.trimEnd()
    case 'tcp-mss':
      return `-m tcpmss ${not}--mss ${formatRange(match.range)}`
    case 'accounting':
      return `-m nfacct --nfacct-name ${quote(match.name)}`
    case 'opaque':
      return match.negated ? match.text.replace(/^(-m \S+ )/, '$1! ') : match.text
    case 'unrecognised':
      return match.negated ? negateUnknown(match.text) : match.text
  }
}

function negateUnknown(text: string): string {
  return text.startsWith('-m ') ? text.replace(/^(-m \S+ )/, '$1! ') : `! ${text}`
}

function formatFlags(bits: number): string {
  const names = FLAG_NAMES.filter((_, i) => (bits & (1 << i)) !== 0)
  return names.length > 0 ? names.join(',') : 'NONE'
}

function formatIcmp({type, code}: Extract<Match, {kind: 'icmp'}>): string {
  if (type === null) return 'any'
  return code.min === 0 && code.max === 255 ? String(type) : `${type}/${code.min}`
}

function formatRecent(match: Extract<Match, {kind: 'recent'}>): string {
  return [
    `-m recent ${match.negated ? '! ' : ''}--${match.operation}`,
    ...(match.seconds === null ? [] : [`--seconds ${match.seconds}`]),
    ...(match.reap ? ['--reap'] : []),
    ...(match.hitcount === null ? [] : [`--hitcount ${match.hitcount}`]),
    ...(match.rttl ? ['--rttl'] : []),
    `--name ${quote(match.name)}`,
    ...(match.mask === null ? [] : [`--mask ${formatAddress(match.mask)}`]),
    match.side === 'source' ? '--rsource' : '--rdest',
  ].join(' ')
}

function formatIpvsValue(asks: IpvsQuestion): string {
  switch (asks.option) {
    case 'ipvs':
      return ''
    case 'vaddr':
      return ` ${formatAddressMask(asks.prefix)}`
    case 'vproto':
      return ` ${asks.protocol}`
    case 'vport':
    case 'vportctl':
      return ` ${asks.port}`
    case 'vdir':
      return ` ${asks.direction}`
    case 'vmethod':
      return ` ${asks.method}`
  }
}
