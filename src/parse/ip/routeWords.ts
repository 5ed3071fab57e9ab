import {type Address, parseAddress, parsePrefix, parseUint32} from '../../net/index.js'
import {parseTos} from './dsfield.js'
import type {Notes} from './notes.js'
import {currentHop, emptyHop, type RouteDraft} from './routeDraft.js'
import {protocolOf, scopeOf} from './rtNumbers.js'
import {noteSigned, type TableNames, tableOf} from './tables.js'
import type {Words} from './words.js'

/** Words that stand alone, kept as attributes: no answer depends on them. */
const FLAGS = new Set(
  'pervasive offload trap notify unresolved rt_offload rt_trap rt_offload_failed cache cloned'.split(' '),
)
/** Words with one value, kept as attributes. Route metrics may have `lock` before the value. */
const ATTRIBUTES = new Set(
  (
    'mtu advmss rtt rttvar ssthresh cwnd initcwnd initrwnd reordering hoplimit window rto_min quickack congctl fastopen_no_cookie ' +
    'features realms realm expires pref error mark uid iif ttl-propagate users age used ipid ts tsage'
  ).split(' '),
)
/** RTAX_FEATURE_*, of which several may stand. */
const FEATURE = /^(ecn|tcp_usec_ts|0x[0-9a-f]+)$/
const STRUCTURE = new Set(
  'via dev table proto protocol scope src metric preference priority tos dsfield from nhid encap weight onlink linkdown dead nexthop nh_info'.split(
    ' ',
  ),
)

/** True for a word that may begin a continuation of a route, on a line of its own. */
export function isRouteKeyword(word: string): boolean {
  return STRUCTURE.has(word) || ATTRIBUTES.has(word) || FLAGS.has(word)
}

/** Reads what stands behind the destination, or on a continuation line, into the draft. */
export function readRouteWords(words: Words, route: RouteDraft, tables: TableNames | undefined, notes: Notes): void {
  for (let word = words.next(); word !== undefined; word = words.next()) readWord(word, words, route, tables, notes)
}

function readWord(word: string, words: Words, route: RouteDraft, tables: TableNames | undefined, notes: Notes): void {
  const {line} = route.source
  switch (word) {
    case 'via':
      readGateway(words, route, notes)
      return
    case 'dev':
      currentHop(route).interface = words.next() ?? null
      return
    case 'nexthop':
      route.hops.push(emptyHop())
      return
    case 'weight':
      currentHop(route).weight = read(word, words, parseUint32, route, notes) ?? 1
      return
    case 'onlink':
    case 'linkdown':
    case 'dead':
      currentHop(route)[word] = true
      return
    case 'encap':
      currentHop(route).encap = words.takeUntil(next => next === 'via' || next === 'dev').join(' ')
      return
    case 'nhid':
      route.nextHopId = read(word, words, parseUint32, route, notes)
      return
    case 'nh_info': // ip -d: the nexthop object, which the route's own via and dev repeat
      route.attributes.set(word, words.rest().join(' '))
      return
    case 'table':
      route.table = tableOf(words.next() ?? 'unspec', tables, line, notes)
      return
    case 'proto':
    case 'protocol':
      route.protocol = protocolOf(words.next() ?? 'boot', 'boot')
      return
    case 'scope':
      route.scope = read(word, words, scopeOf, route, notes) ?? route.scope
      return
    case 'src':
      route.preferredSource = read(word, words, parseAddress, route, notes)
      return
    case 'metric':
    case 'preference':
    case 'priority':
      route.metric = read(word, words, text => parseMetric(text, line, notes), route, notes)
      return
    case 'tos':
    case 'dsfield':
      route.tos = read(word, words, parseTos, route, notes) ?? 0
      return
    case 'from':
      route.from = read(word, words, parsePrefix, route, notes)
      return
    default:
      readAttribute(word, words, route, notes)
  }
}

function readAttribute(word: string, words: Words, route: RouteDraft, notes: Notes): void {
  // <local,brd>: flags of a cached route, `ip route get`
  if (FLAGS.has(word) || word.startsWith('<')) route.attributes.set(word, '')
  else if (ATTRIBUTES.has(word)) {
    const lock = words.skip('lock') ? 'lock ' : ''
    route.attributes.set(
      word,
      word === 'features' ? words.takeUntil(next => !FEATURE.test(next)).join(' ') : lock + (words.next() ?? ''),
    )
  } else {
    const text = [word, ...words.takeUntil(isRouteKeyword)].join(' ')
    route.unknown.push(text)
    notes.add('UNKNOWN_KEYWORD', 'warning', `An attribute of a route that is not known, "${text}".`, route.source.line)
  }
}

function read<T>(
  word: string,
  words: Words,
  parse: (text: string) => T | null,
  route: RouteDraft,
  notes: Notes,
): T | null {
  const text = words.next()
  const value = text === undefined ? null : parse(text)
  if (value === null) {
    const bad = `${word} ${text ?? ''}`.trimEnd()
    route.unknown.push(bad)
    notes.add('BAD_VALUE', 'warning', `"${bad}" cannot be read.`, route.source.line)
  }
  return value
}

/** `via 10.0.0.1`, or `via inet6 fe80::1` for a gateway of the other family. */
function readGateway(words: Words, route: RouteDraft, notes: Notes): void {
  const hop = currentHop(route)
  hop.otherFamily = words.skip('inet6') || words.skip('inet')
  hop.gateway = read<Address>('via', words, parseAddress, route, notes)
}

function parseMetric(text: string, line: number, notes: Notes): number | null {
  if (!/^-\d{1,10}$/.test(text)) return parseUint32(text)
  noteSigned(line, notes)
  return Number(text) >>> 0
}
