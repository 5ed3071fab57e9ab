import type {InterfaceAddress} from '../../model/index.js'
import {parseMac} from '../../net/index.js'
import {readAddress} from './addressWords.js'
import {type Line, splitWords} from './lines.js'
import {emptyLink, type LinkDraft} from './linkDraft.js'
import {Words} from './words.js'

/** operstate of RFC 2863 as iproute2 prints it, and the flags that each implies. A DOWN link may be administratively up. */
const STATES: ReadonlyMap<string, readonly string[]> = new Map([
  ['UP', ['UP', 'LOWER_UP']],
  ['UNKNOWN', ['UP']],
  ['DORMANT', ['UP']],
  ['LOWERLAYERDOWN', ['UP']],
  ['TESTING', ['UP']],
  ['NOTPRESENT', []],
  ['DOWN', []],
])

/**
 * A line of `ip -br addr` (`eth0@if3  UP  10.0.1.10/20 fe80::1/64`) or `ip -br link` (`eth0@if3  UP  MAC <FLAGS>`).
 * @returns false where it is none
 */
export function readBriefLine(
  line: Line,
  document: string,
  links: LinkDraft[],
  addresses: InterfaceAddress[],
): boolean {
  const [name, state, ...rest] = splitWords(line.text)
  const flags = STATES.get(state ?? '')
  if (name === undefined || flags === undefined) return false
  const link = emptyLink(name, document, line.number, line.text.trim())
  const words = new Words(rest)
  const found: InterfaceAddress[] = []
  for (let word = words.peek(); word !== undefined; word = words.peek()) {
    const address = readAddress(words, link.name, document, line.number, line.text.trim())
    if (address !== null) found.push(address)
    else if (word.startsWith('<')) link.flags = new Set(word.slice(1, -1).split(','))
    else link.mac ??= parseMac(word)
    if (address !== null && words.peek() === 'metric') words.takeUntil(next => next.includes('/'))
  }
  if (link.flags.size === 0) link.flags = new Set(flags)
  links.push(link)
  addresses.push(...found)
  return true
}
