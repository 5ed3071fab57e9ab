import {familyOf, parseAddress, parseMac, parseMasked, parseUint32} from '../../../net/index.js'
import type {AddressType, Match} from '../../../model/index.js'
import {ADDRESS_TYPES} from '../match/addrtype.js'
import {parseInterfaceName} from '../values/interfaceName.js'
import {parseNameList} from '../values/nameList.js'
import {parseNumberRange} from '../values/numberRange.js'
import {parseTos} from '../values/tos.js'
import {type Phrase, phrase, phrases} from './phrase.js'

const OPERATORS = {'==': 'eq', '!=': 'eq', '<': 'lt', '>': 'gt'} as const

/** TTL match TTL != 5 | HL match HL < 5 */
function hops(word: 'TTL' | 'HL'): Phrase {
  return phrase(word, new RegExp(`${word} match ${word} (==|!=|<|>) (\\d+)`), ([, operator, value]) =>
    Number(value) > 255
      ? null
      : {
          kind: 'ttl',
          negated: operator === '!=',
          operator: OPERATORS[operator as keyof typeof OPERATORS],
          value: Number(value),
        },
  )
}

/** source IP range ! 1.1.1.1-1.1.1.9 */
function ipRange(side: 'source' | 'destination'): Phrase {
  return phrase(
    side,
    new RegExp(`${side} IP range (! )?([\\w.:]+)-([\\w.:]+)`),
    ([, bang, low, high], _negated, family) => {
      const first = parseAddress(low ?? '')
      const last = parseAddress(high ?? '')
      if (first === null || last === null || familyOf(first) !== family || familyOf(last) !== family) return null
      return {kind: 'ip-range', negated: bang !== undefined, side, first, last}
    },
  )
}

/** ADDRTYPE match src-type !UNICAST,LOCAL dst-type LOCAL limit-in */
const addressType = phrases(
  'ADDRTYPE',
  /ADDRTYPE match(?: src-type (!?)([A-Z,]+))?(?: dst-type (!?)([A-Z,]+))?(?: limit-(in|out))?/,
  ([, sourceBang, source, destinationBang, destination, limit]) => {
    const matches: Match[] = []
    const add = (side: 'source' | 'destination', bang: string | undefined, list: string | undefined): boolean => {
      if (list === undefined) return true
      const types = parseNameList<AddressType>(list, ADDRESS_TYPES)
      if (types === null) return false
      matches.push({
        kind: 'address-type',
        side,
        negated: bang === '!',
        types,
        limit: (limit as 'in' | 'out' | undefined) ?? null,
      })
      return true
    }
    if (!add('source', sourceBang, source) || !add('destination', destinationBang, destination)) return null
    return matches.length === 0 ? null : matches
  },
)

/** ECN match ECE !CWR !ECT=1 */
const ecn = phrases('ECN', /ECN match(?: (!?)ECE)?(?: (!?)CWR)?(?: (!?)ECT=(\d))?/, ([, ece, cwr, ectBang, ect]) => {
  const matches: Match[] = []
  if (ece !== undefined) matches.push({kind: 'ecn', negated: ece === '!', field: 'tcp-ece', value: null})
  if (cwr !== undefined) matches.push({kind: 'ecn', negated: cwr === '!', field: 'tcp-cwr', value: null})
  if (ect !== undefined) matches.push({kind: 'ecn', negated: ectBang === '!', field: 'ip-ect', value: Number(ect)})
  return matches.length === 0 ? null : matches
})

const PHYSDEV_OPTION = '(?:! )?--physdev-(?:is-in|is-out|is-bridged|(?:in|out) \\S+)'

/** PHYSDEV match ! --physdev-is-in --physdev-in eth+ */
const physdev = phrases('PHYSDEV', new RegExp(`PHYSDEV match((?: ${PHYSDEV_OPTION})+)`), ([, options]) =>
  ((options ?? '').match(new RegExp(PHYSDEV_OPTION, 'g')) ?? []).map((text): Match => {
    const [, bang, option = '', name = ''] = /^(! )?--physdev-(\S+)(?: (\S+))?/.exec(text) ?? []
    return {
      kind: 'physdev',
      negated: bang !== undefined,
      option: option as Extract<Match, {kind: 'physdev'}>['option'],
      ...parseInterfaceName(name),
    }
  }),
)

export const FIELD_PHRASES: readonly Phrase[] = [
  addressType,
  ecn,
  physdev,
  hops('TTL'),
  hops('HL'),
  ipRange('source'),
  ipRange('destination'),
  phrase('mark', /mark match (! ?)?(\w+(?:\/\w+)?)/, ([, bang, text]) => {
    const mark = parseMasked(text ?? '')
    return mark === null ? null : {kind: 'mark', negated: bang !== undefined, mark}
  }),
  phrase('length', /length (!?)([\d:]+)/, ([, bang, text]) => {
    const range = parseNumberRange(text ?? '', 65535)
    return range === null ? null : {kind: 'length', negated: bang === '!', range}
  }),
  phrase('tcpmss', /tcpmss match (!?)([\d:]+)/, ([, bang, text]) => {
    const range = parseNumberRange(text ?? '', 65535)
    return range === null ? null : {kind: 'tcp-mss', negated: bang === '!', range}
  }),
  phrase('DSCP', /DSCP match (!?)(0x\w+)/, ([, bang, text]) => {
    const value = parseUint32(text ?? '')
    return value === null || value > 63 ? null : {kind: 'dscp', negated: bang === '!', value}
  }),
  // iptables 1.8 forgets the blank: `tos match0x10/0x3f`
  phrase('tos', /tos match ?(!?) ?([\w-]+(?:\/\w+)?)/, ([, bang, text]) => {
    const tos = parseTos(text ?? '')
    return tos === null ? null : {kind: 'tos', negated: bang === '!', tos}
  }),
  phrase('PKTTYPE', /PKTTYPE (=|!=) (unicast|broadcast|multicast)/, ([, operator, type]) => ({
    kind: 'packet-type',
    negated: operator === '!=',
    type: type as 'unicast' | 'broadcast' | 'multicast',
  })),
  phrase('MAC', /MAC (! ?)?([\w:]+)/, ([, bang, text]) => {
    const mac = parseMac(text ?? '')
    return mac === null ? null : {kind: 'mac-source', negated: bang !== undefined, mac}
  }),
  phrase(
    'rpfilter',
    /rpfilter( loose)?( validmark)?( accept-local)?( invert)?/,
    ([, loose, validMark, acceptLocal, invert]) => ({
      kind: 'rp-filter',
      negated: false,
      loose: loose !== undefined,
      validMark: validMark !== undefined,
      acceptLocal: acceptLocal !== undefined,
      invert: invert !== undefined,
    }),
  ),
  phrase('realm', /realm (\S+)/, ([, text = ''], negated) => ({
    kind: 'realm',
    negated,
    realm: parseMasked(text),
    text,
  })),
  phrase('cpu', /cpu (! )?(\d+)/, ([, bang, number]) => ({
    kind: 'cpu',
    negated: bang !== undefined,
    cpu: Number(number),
  })),
  phrase('nfacct-name', /nfacct-name\s+(\S+)/, ([, name = '']) => ({kind: 'accounting', negated: false, name})),
  phrase('socket', /socket((?: --(?:transparent|nowildcard))*)(?! --)/, ([, options = '']) => ({
    kind: 'socket',
    negated: false,
    text: options.trim(),
  })),
  phrases('owner', /owner (UID|GID) match ([\w-]+)( incl\. suppl\. groups)?/, ([, id, text = '', groups], negated) => {
    const field = id === 'UID' ? 'uid' : 'gid'
    const range = parseNumberRange(text, 0xffffffff, '-')
    const owner: Match = {kind: 'owner', negated, field, range, text: `--${field}-owner ${text}`}
    if (groups === undefined) return [owner]
    return [owner, {kind: 'owner', negated: false, field: 'suppl-groups', range: null, text: '--suppl-groups'}]
  }),
  phrase('owner', /owner socket exists/, (_groups, negated) => ({
    kind: 'owner',
    negated,
    field: 'socket-exists',
    range: null,
    text: '--socket-exists',
  })),
]
