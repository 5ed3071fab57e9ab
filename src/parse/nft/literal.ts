import {lastAddress, parseAddress, parsePrefix, parseProtocol, parseUint32} from '../../net/index.js'
import type {NftPattern} from '../../model/index.js'
import type {Datatype} from './datatype.js'
import {unquote} from './tokens.js'
import {WORDS} from './words.js'

/** A word of a rule or element as what it is compared with demands: `10.0.0.0/8`, `80-90`, `established`, `"eth*"`. */
export function parseLiteral(word: string, type: Datatype): NftPattern {
  return read(word, type) ?? {kind: 'unknown', text: word}
}

function read(word: string, type: Datatype): NftPattern | null {
  switch (type) {
    case 'address':
      return readAddress(word)
    case 'name':
      return readName(unquote(word))
    case 'mac':
      return /^[\da-f]{2}(:[\da-f]{2}){5}$/i.test(word) ? {kind: 'value', value: word.toLowerCase()} : null
    case 'other':
      return null
    case 'mark':
      return readMarkPrefix(word) ?? readNumbers(word, type)
    default:
      return readNumbers(word, type)
  }
}

/** `0x00000000/28`: nft prints an interval of marks as a prefix where it can. */
function readMarkPrefix(word: string): NftPattern | null {
  const slash = word.indexOf('/')
  const min = slash < 0 ? null : parseUint32(word.slice(0, slash))
  const length = slash < 0 ? null : parseUint32(word.slice(slash + 1))
  return min === null || length === null || length > 32 ? null : {kind: 'range', min, max: min + 2 ** (32 - length) - 1}
}

function readAddress(word: string): NftPattern | null {
  const text = word.replace(/[[\]]/g, '')
  const dash = text.indexOf('-')
  if (dash > 0) {
    const min = parseAddress(text.slice(0, dash))
    const max = parseAddress(text.slice(dash + 1))
    return min === null || max === null || typeof min !== typeof max ? null : {kind: 'range', min, max}
  }
  if (text.includes('/')) {
    const prefix = parsePrefix(text)
    return prefix === null ? null : {kind: 'range', min: prefix.address, max: lastAddress(prefix)}
  }
  const address = parseAddress(text)
  return address === null ? null : {kind: 'value', value: address}
}

/** `\*` is a star of the name itself. 0 is no interface; another number is one that is gone. */
function readName(name: string): NftPattern | null {
  if (name === '0') return {kind: 'value', value: ''}
  if (/^\d+$/.test(name)) return null
  if (name.endsWith('\\*')) return {kind: 'value', value: `${name.slice(0, -2)}*`}
  return name.endsWith('*') ? {kind: 'wildcard', start: name.slice(0, -1)} : {kind: 'value', value: name}
}

function readNumbers(word: string, type: Datatype): NftPattern | null {
  const value = readNumber(word, type)
  if (value !== null) return {kind: 'value', value}
  const dash = word.indexOf('-')
  const min = dash < 0 ? null : readNumber(word.slice(0, dash), type)
  const max = dash < 0 ? null : readNumber(word.slice(dash + 1), type)
  // nft prints `ip ttl != 5353-63` of `th sport < 5353 ip ttl > 63`: what the rule asks is lost
  return min === null || max === null || min > max ? null : {kind: 'range', min, max}
}

function readNumber(word: string, type: Datatype): number | null {
  const plain = unquote(word)
  const named = WORDS[type]?.[plain]
  if (named !== undefined) return named
  if (type === 'protocol' && !/^\d/.test(plain)) return parseProtocol(plain)
  return parseUint32(plain)
}
