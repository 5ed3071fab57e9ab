import {parsePortRange, parseProtocol} from '../../../net/index.js'
import type {CtCondition, CtState, CtStatus, Match} from '../../../model/index.js'
import type {RuleReader} from '../ruleReader.js'
import {parseAddressMask} from '../values/addressMask.js'
import {parseNameList} from '../values/nameList.js'
import {parseNumberRange} from '../values/numberRange.js'
import {type LoadMatch, neededOptions} from './loadedMatch.js'

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

type CtMatch = Extract<Match, {kind: 'ct-state'}> | CtCondition
type ReadCondition = (reader: RuleReader) => CtMatch | null

function readState(module: 'state' | 'conntrack'): ReadCondition {
  return reader => {
    const states = parseNameList(reader.value() ?? '', CT_STATES)
    return states === null ? null : {kind: 'ct-state', negated: reader.negated, states, module}
  }
}

function readAddress(tuple: 'original' | 'reply', side: 'source' | 'destination'): ReadCondition {
  return reader => {
    const prefix = parseAddressMask(reader.value() ?? '', reader.family)
    return prefix === null
      ? null
      : {kind: 'ct-address', negated: reader.negated, besideState: false, tuple, side, prefix}
  }
}

function readPort(tuple: 'original' | 'reply', side: 'source' | 'destination'): ReadCondition {
  return reader => {
    const range = parsePortRange(reader.value() ?? '')
    return range === null ? null : {kind: 'ct-port', negated: reader.negated, besideState: false, tuple, side, range}
  }
}

const CONDITIONS: ReadonlyMap<string, ReadCondition> = new Map<string, ReadCondition>([
  ['--ctstate', readState('conntrack')],
  [
    '--ctstatus',
    reader => {
      const statuses = parseNameList(reader.value() ?? '', CT_STATUSES)
      return statuses === null ? null : {kind: 'ct-status', negated: reader.negated, besideState: false, statuses}
    },
  ],
  [
    '--ctdir',
    reader => {
      const direction = reader.value()
      if (direction !== 'ORIGINAL' && direction !== 'REPLY') return null
      return {kind: 'ct-direction', negated: reader.negated, besideState: false, direction}
    },
  ],
  [
    '--ctproto',
    reader => {
      const protocol = parseProtocol(reader.value() ?? '')
      return protocol === null ? null : {kind: 'ct-protocol', negated: reader.negated, besideState: false, protocol}
    },
  ],
  [
    '--ctexpire',
    reader => {
      const range = parseNumberRange(reader.value() ?? '', 0xffffffff)
      return range === null ? null : {kind: 'ct-expire', negated: reader.negated, besideState: false, range}
    },
  ],
  ['--ctorigsrc', readAddress('original', 'source')],
  ['--ctorigdst', readAddress('original', 'destination')],
  ['--ctreplsrc', readAddress('reply', 'source')],
  ['--ctrepldst', readAddress('reply', 'destination')],
  ['--ctorigsrcport', readPort('original', 'source')],
  ['--ctorigdstport', readPort('original', 'destination')],
  ['--ctreplsrcport', readPort('reply', 'source')],
  ['--ctrepldstport', readPort('reply', 'destination')],
])

/** Its conditions are kept together: whether one of them is a --ctstate decides what the others mean without a connection. */
export const conntrack: LoadMatch = () => {
  const found: CtMatch[] = []
  return {
    needsOption: true,
    has: option => CONDITIONS.has(option),
    read: (option, reader) => {
      const condition = CONDITIONS.get(option)?.(reader) ?? null
      if (condition === null) return null
      found.push(condition)
      return undefined
    },
    // the state first, as iptables prints it
    finish: () => {
      const states = found.filter(({kind}) => kind === 'ct-state')
      const others = found.filter((condition): condition is CtCondition => condition.kind !== 'ct-state')
      return [...states, ...others.map(condition => ({...condition, besideState: states.length > 0}))]
    },
  }
}

export const state = neededOptions({'--state': readState('state')})
