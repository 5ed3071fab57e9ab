import {parsePortRange, parseProtocol} from '../../../net/index.js'
import type {CtState, CtStatus} from '../../../model/index.js'
import {parseAddressMask} from '../values/addressMask.js'
import {parseNameList} from '../values/nameList.js'
import {parseNumberRange} from '../values/numberRange.js'
import {neededOptions, type ReadOption} from './loadedMatch.js'

export const CT_STATES: ReadonlySet<CtState> = new Set<CtState>([
  'NEW',
  'ESTABLISHED',
  'RELATED',
  'INVALID',
  'UNTRACKED',
  'SNAT',
  'DNAT',
])
export const CT_STATUSES: ReadonlySet<CtStatus> = new Set<CtStatus>([
  'NONE',
  'EXPECTED',
  'SEEN_REPLY',
  'ASSURED',
  'CONFIRMED',
])

function readState(module: 'state' | 'conntrack'): ReadOption {
  return reader => {
    const states = parseNameList(reader.value() ?? '', CT_STATES)
    return states === null ? null : {kind: 'ct-state', negated: reader.negated, states, module}
  }
}

function readAddress(tuple: 'original' | 'reply', side: 'source' | 'destination'): ReadOption {
  return reader => {
    const prefix = parseAddressMask(reader.value() ?? '', reader.family)
    return prefix === null ? null : {kind: 'ct-address', negated: reader.negated, tuple, side, prefix}
  }
}

function readPort(tuple: 'original' | 'reply', side: 'source' | 'destination'): ReadOption {
  return reader => {
    const range = parsePortRange(reader.value() ?? '')
    return range === null ? null : {kind: 'ct-port', negated: reader.negated, tuple, side, range}
  }
}

export const conntrack = neededOptions({
  '--ctstate': readState('conntrack'),
  '--ctstatus': reader => {
    const statuses = parseNameList(reader.value() ?? '', CT_STATUSES)
    return statuses === null ? null : {kind: 'ct-status', negated: reader.negated, statuses}
  },
  '--ctdir': reader => {
    const direction = reader.value()
    if (direction !== 'ORIGINAL' && direction !== 'REPLY') return null
    return {kind: 'ct-direction', negated: reader.negated, direction}
  },
  '--ctproto': reader => {
    const protocol = parseProtocol(reader.value() ?? '')
    return protocol === null ? null : {kind: 'ct-protocol', negated: reader.negated, protocol}
  },
  '--ctexpire': reader => {
    const range = parseNumberRange(reader.value() ?? '', 0xffffffff)
    return range === null ? null : {kind: 'ct-expire', negated: reader.negated, range}
  },
  '--ctorigsrc': readAddress('original', 'source'),
  '--ctorigdst': readAddress('original', 'destination'),
  '--ctreplsrc': readAddress('reply', 'source'),
  '--ctrepldst': readAddress('reply', 'destination'),
  '--ctorigsrcport': readPort('original', 'source'),
  '--ctorigdstport': readPort('original', 'destination'),
  '--ctreplsrcport': readPort('reply', 'source'),
  '--ctrepldstport': readPort('reply', 'destination'),
})

export const state = neededOptions({'--state': readState('state')})
