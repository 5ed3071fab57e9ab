import {TABLE_DEFAULT, TABLE_LOCAL, TABLE_MAIN, type TableId} from '../../model/index.js'
import type {Family} from '../../net/index.js'
import type {Role} from './role.js'

const TABLES: Readonly<Record<string, number>> = {main: TABLE_MAIN, local: TABLE_LOCAL, default: TABLE_DEFAULT}

/** Options of `ip` that take a value. */
const VALUED = new Set(['-f', '-family', '-n', '-netns', '-rc', '-rcvbuf', '-l', '-loops', '-b', '-batch'])

/**
 * `ip [OPTIONS] OBJECT …`. Objects and keywords may be shortened, as iproute2 allows: `ip r s t 101`.
 * @param words behind `ip`
 */
export function roleOfIp(words: readonly string[]): Role | null {
  let family: Family | null = null
  let at = 0
  for (; words[at]?.startsWith('-') === true; at++) {
    const option = words[at]
    if (option === '-4' || option === '-6') family = option === '-4' ? 4 : 6
    else if (option === '-0' || option === '-V' || option === '-Version') return null
    else if (option !== undefined && VALUED.has(option)) {
      at++
      if (option.startsWith('-f')) family = words[at] === 'inet6' ? 6 : 4
    }
  }
  const object = words[at] ?? ''
  const rest = words.slice(at + 1)
  if (rest[0] === 'get') return {kind: 'unread'} // one lookup, which looks like a listing of one route
  if (object !== '' && !isListing(rest)) return null
  // iproute2 takes the first object in its own list that begins with the word: `r` is route, `a` address, `n` neigh, `l` link
  if (/^r(o(u(te?)?)?)?$/.test(object)) return {kind: 'routes', family, table: tableOf(rest)}
  if (/^ru(le?)?$/.test(object)) return {kind: 'rules', family: family ?? 4}
  if (/^a(d(dr(ess)?)?)?$/.test(object)) return {kind: 'addresses', tool: 'ip'}
  if (/^l(i(nk?)?)?$/.test(object)) return {kind: 'links'}
  if (/^n(e(i(gh?(bou?r)?)?)?)?$/.test(object)) return {kind: 'neighbours'}
  return /^(maddr|mroute|netns|vrf|tunnel|tuntap|xfrm|token|nexthop|netconf|ntable|fou|macsec|mptcp)/.test(object)
    ? {kind: 'unread'}
    : null
}

/** No verb means show; `get`, `add`, `del`, `flush` … print something else. */
function isListing(rest: readonly string[]): boolean {
  return !/^(get|add|del|delete|change|replace|append|flush|set|monitor|save|restore|showdump)$/.test(rest[0] ?? '')
}

/** `show table 2`, `s t 101`, `list table all`. */
function tableOf(rest: readonly string[]): TableId | null {
  const at = rest.findIndex(word => /^t(a(b(le?)?)?)?$/.test(word))
  const name = at < 0 ? undefined : rest[at + 1]
  if (name === undefined) return null
  if (name === 'all') return 'all'
  return /^\d{1,10}$/.test(name) ? Number(name) : (TABLES[name] ?? name)
}
