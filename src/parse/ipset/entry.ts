import {parseUint32} from '../../net/index.js'
import type {IpSetEntry} from '../../model/index.js'
import {QuotedWords} from '../shared/quotedWords.js'
import {type AddressMasks, parsePart} from './part.js'

/** How the entries of a set are to be read. */
export interface EntryFormat extends AddressMasks {
  readonly bitmap: boolean
  readonly dimensions: readonly string[]
}

export interface ReadEntry extends Pick<IpSetEntry, 'parts' | 'nomatch' | 'timeout'> {
  /** Words that no ipset prints behind an element. */
  readonly unknown: readonly string[]
}

const words = new QuotedWords()
const VALUED = new Set(['packets', 'bytes', 'comment', 'skbmark', 'skbprio', 'skbqueue'])

/** 10.0.3.0/24,tcp:80 timeout 49 packets 3 bytes 99 comment "x, y" nomatch */
export function readEntry(text: string, format: EntryFormat): ReadEntry {
  words.split(text)
  const texts = (words.at(0) ?? '').split(',')
  let nomatch = false
  let wildcard = false
  let timeout: number | null = null
  const unknown: string[] = []
  for (let i = 1; i < words.count; i++) {
    const word = words.at(i) as string
    if (word === 'nomatch') nomatch = true
    else if (word === 'wildcard') wildcard = true
    else if (word === 'timeout') timeout = parseUint32(words.at(++i) ?? '')
    else if (VALUED.has(word)) i++
    else unknown.push(word)
  }
  const {dimensions, bitmap} = format
  // an element of bitmap:ip,mac may lack its MAC: any MAC then matches
  const whole = texts.length === dimensions.length || (bitmap && texts.length === 1)
  const parts = whole ? texts.map((part, i) => parsePart(dimensions[i] ?? '', part, bitmap, format)) : []
  return {
    parts: whole
      ? parts.map(part => (part.kind === 'interface' && wildcard ? {...part, wildcard} : part))
      : [{kind: 'unknown', text: words.at(0) ?? ''}],
    nomatch,
    timeout: timeout === 0 ? null : timeout, // "timeout 0" is for ever
    unknown,
  }
}
