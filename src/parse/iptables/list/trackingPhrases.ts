import {type Address, familyOf, parseAddress, parseMasked, parsePortRange, parseProtocol} from '../../../net/index.js'
import type {CtState, IpvsQuestion, Match} from '../../../model/index.js'
import {CT_STATES, CT_STATUSES} from '../match/conntrack.js'
import {parseIpvsQuestion} from '../match/ipvs.js'
import {parseProbability} from '../match/statistic.js'
import {parseAddressMask} from '../values/addressMask.js'
import {parseDirections} from '../values/directions.js'
import {parseNameList} from '../values/nameList.js'
import {parseNumberRange} from '../values/numberRange.js'
import {type Phrase, phrase} from './phrase.js'

function states(word: 'ctstate' | 'state'): Phrase {
  return phrase(word, new RegExp(`${word} (!?)([\\w,]+)`), ([, bang, list], negated) => {
    const found = parseNameList<CtState>(list ?? '', CT_STATES)
    return found === null
      ? null
      : {
          kind: 'ct-state',
          negated: negated || bang === '!',
          states: found,
          module: word === 'state' ? 'state' : 'conntrack',
        }
  })
}

function tupleOf(word: string): Pick<Extract<Match, {kind: 'ct-address'}>, 'tuple' | 'side'> {
  return {
    tuple: word.startsWith('ctorig') ? 'original' : 'reply',
    side: word.includes('src') ? 'source' : 'destination',
  }
}

function ctAddress(word: string): Phrase {
  return phrase(word, new RegExp(`${word} (\\S+)`), ([, text], negated, family) => {
    const prefix = parseAddressMask(text ?? '', family)
    return prefix === null ? null : {kind: 'ct-address', negated, besideState: false, ...tupleOf(word), prefix}
  })
}

function ctPort(word: string): Phrase {
  return phrase(word, new RegExp(`${word} ([\\d:]+)`), ([, text], negated) => {
    const range = parsePortRange(text ?? '')
    return range === null ? null : {kind: 'ct-port', negated, besideState: false, ...tupleOf(word), range}
  })
}

const RECENT_OPERATIONS = {SET: 'set', CHECK: 'rcheck', UPDATE: 'update', REMOVE: 'remove'} as const

/** recent: CHECK seconds: 60 reap hit_count: 4 TTL-Match name: X side: dest mask: 255.255.255.255 (no mask before 1.4.20) */
const recent = phrase(
  'recent',
  /recent: (SET|CHECK|UPDATE|REMOVE)(?: seconds: (\d+))?( reap)?(?: hit_count: (\d+))?( TTL-Match)? name: (\S+) side: (source|dest)(?: mask: (\S+))?/,
  ([, operation, seconds, reap, hitcount, rttl, name, side, maskText], negated, family) => {
    const mask: Address | null = maskText === undefined ? null : parseAddress(maskText)
    if (maskText !== undefined && (mask === null || familyOf(mask) !== family)) return null
    return {
      kind: 'recent',
      negated,
      operation: RECENT_OPERATIONS[operation as keyof typeof RECENT_OPERATIONS],
      name: name ?? '',
      side: side === 'dest' ? 'destination' : 'source',
      seconds: seconds === undefined ? null : Number(seconds),
      hitcount: hitcount === undefined ? null : Number(hitcount),
      rttl: rttl !== undefined,
      reap: reap !== undefined,
      mask,
    }
  },
)

const SET_OPTION = '(?:! )?(?:update-counters|update-subcounters|(?:packets|bytes)-(?:eq|lt|gt) \\d+)'

/** match-set NAME src,dst return-nomatch ! update-counters packets-gt 5 */
const matchSet = phrase(
  'match-set',
  new RegExp(`match-set (\\S+) (\\S+)( return-nomatch)?((?: ${SET_OPTION})*)`),
  ([, name, sides, returnNomatch, options], negated) => {
    const directions = parseDirections(sides ?? '')
    if (directions === null) return null
    const found = (options ?? '').match(new RegExp(SET_OPTION, 'g')) ?? []
    return {
      kind: 'set',
      negated,
      set: name ?? '',
      directions,
      returnNomatch: returnNomatch !== undefined,
      options: found.map(option => option.replace(/^(! )?/, '$1--')),
    }
  },
)

/** `ipvs`, or `vaddr 10.100.0.1 ! vport 80`, each by itself. */
function ipvs(option: IpvsQuestion['option']): Phrase {
  const pattern = option === 'ipvs' ? /ipvs()/ : new RegExp(`${option} (\\S+)`)
  return phrase(option, pattern, ([, value], negated, family) => {
    const asks = parseIpvsQuestion(option, value ?? '', family)
    return asks && {kind: 'ipvs', negated, asks}
  })
}

export const TRACKING_PHRASES: readonly Phrase[] = [
  states('ctstate'),
  states('state'),
  phrase('ctstatus', /ctstatus ([\w,]+)/, ([, list], negated) => {
    const statuses = parseNameList(list ?? '', CT_STATUSES)
    return statuses === null ? null : {kind: 'ct-status', negated, besideState: false, statuses}
  }),
  phrase('ctdir', /ctdir (ORIGINAL|REPLY)/, ([, direction], negated) => ({
    kind: 'ct-direction',
    negated,
    besideState: false,
    direction: direction === 'REPLY' ? 'REPLY' : 'ORIGINAL',
  })),
  phrase('ctproto', /ctproto (\w+)/, ([, name], negated) => {
    const protocol = parseProtocol(name ?? '')
    return protocol === null ? null : {kind: 'ct-protocol', negated, besideState: false, protocol}
  }),
  phrase('ctexpire', /ctexpire ([\d:]+)/, ([, text], negated) => {
    const range = parseNumberRange(text ?? '', 0xffffffff)
    return range === null ? null : {kind: 'ct-expire', negated, besideState: false, range}
  }),
  ...['ctorigsrc', 'ctorigdst', 'ctreplsrc', 'ctrepldst'].flatMap(word => [ctAddress(word), ctPort(`${word}port`)]),
  phrase('connmark', /connmark match\s+(!\s*)?(\w+(?:\/\w+)?)/, ([, bang, text]) => {
    const mark = parseMasked(text ?? '')
    return mark === null ? null : {kind: 'connmark', negated: bang !== undefined, mark}
  }),
  phrase('statistic', /statistic mode random (! )?probability ([\d.]+)/, ([, bang, text]) => {
    const probability = parseProbability(text ?? '')
    return probability === null ? null : {kind: 'statistic-random', negated: bang !== undefined, probability}
  }),
  phrase('statistic', /statistic mode nth (! )?every (\d+)(?: packet (\d+))?/, ([, bang, every, packet]) =>
    Number(every) === 0
      ? null
      : {kind: 'statistic-nth', negated: bang !== undefined, every: Number(every), packet: Number(packet ?? 0)},
  ),
  recent,
  matchSet,
  ...(['ipvs', 'vaddr', 'vproto', 'vport', 'vportctl', 'vdir', 'vmethod'] as const).map(ipvs),
]
