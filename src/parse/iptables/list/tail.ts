import type {Family} from '../../../net/index.js'
import type {Match, Target} from '../../../model/index.js'
import {STANDARD_TARGETS, TARGET_MODULES} from '../target/modules.js'
import {FIELD_PHRASES} from './fieldPhrases.js'
import {ICMP_PHRASES} from './icmpPhrases.js'
import {OPAQUE_PHRASES} from './opaquePhrases.js'
import type {Phrase} from './phrase.js'
import {PORT_PHRASES} from './portPhrases.js'
import {isModelled, readTargetText} from './targetText.js'
import {TRACKING_PHRASES} from './trackingPhrases.js'

const PHRASES = new Map<string, Phrase[]>()
for (const phrase of [...PORT_PHRASES, ...ICMP_PHRASES, ...TRACKING_PHRASES, ...FIELD_PHRASES, ...OPAQUE_PHRASES]) {
  const list = PHRASES.get(phrase.word)
  if (list === undefined) PHRASES.set(phrase.word, [phrase])
  else list.push(phrase)
}

export interface Tail {
  readonly matches: readonly Match[]
  readonly target: Target
  /** What no phrase explains, and of which a rule is unknown; null where there is nothing. */
  readonly leftover: string | null
}

export interface TailContext {
  readonly family: Family
  /** The target column; null where it is empty. */
  readonly target: string | null
  readonly isChain: boolean
}

const COMMENT = '/* '
const COMMENT_END = ' */'
/** A comment may hold its own end: so many ways of reading are tried. */
const MAX_READINGS = 32

/**
 * Every way to read the text behind the columns, best first: more than one only where a comment holds an end of comment.
 * Readings that leave nothing over go before those that do.
 */
export function readTail(text: string, context: TailContext): readonly Tail[] {
  const goto = text.startsWith('[goto]')
  const readings = readFrom((goto ? text.slice('[goto]'.length) : text).trimStart(), context, goto, {
    left: MAX_READINGS,
  })
  const clean = readings.filter(reading => reading.leftover === null)
  return clean.length > 0 ? clean : readings.slice(0, 1)
}

function readFrom(text: string, context: TailContext, goto: boolean, budget: {left: number}): readonly Tail[] {
  const matches: Match[] = []
  let at = 0
  for (;;) {
    while (text[at] === ' ') at++
    if (text.startsWith(COMMENT, at)) return readComment(text, at, matches, context, goto, budget)
    const next = readPhrase(text, at, context.family, matches)
    if (next === null) return [finish(text.slice(at), matches, context, goto)]
    at = next
  }
}

function readComment(
  text: string,
  at: number,
  before: readonly Match[],
  context: TailContext,
  goto: boolean,
  budget: {left: number},
): readonly Tail[] {
  const readings: Tail[] = []
  let end = text.indexOf(COMMENT_END, at + COMMENT.length - 1)
  for (; end >= 0 && budget.left-- > 0; end = text.indexOf(COMMENT_END, end + 1)) {
    const behind = end + COMMENT_END.length
    if (behind < text.length && text[behind] !== ' ') continue
    const comment: Match = {kind: 'comment', negated: false, text: text.slice(at + COMMENT.length, end)}
    for (const rest of readFrom(text.slice(behind), context, goto, budget)) {
      readings.push({...rest, matches: [...before, comment, ...rest.matches]})
    }
  }
  return readings.length > 0 ? readings : [finish(text.slice(at), before, context, goto)]
}

/** @returns the offset behind the phrase; null where no phrase starts here */
function readPhrase(text: string, at: number, family: Family, matches: Match[]): number | null {
  const negated = text.startsWith('! ', at)
  const start = negated ? at + 2 : at
  let end = start
  while (end < text.length && text[end] !== ' ') end++
  if (end === start) return null
  const word = text.slice(start, text[end - 1] === ':' ? end - 1 : end)
  for (const phrase of PHRASES.get(word) ?? []) {
    const {pattern} = phrase
    pattern.lastIndex = start
    const groups = pattern.exec(text)
    const found = groups === null ? null : phrase.read(groups, negated, family)
    if (found === null) continue
    if (negated && !found.some(match => match.negated)) continue
    matches.push(...found)
    return pattern.lastIndex
  }
  return null
}

/** @param text what no match explains: all of it must be the target's */
function finish(text: string, before: readonly Match[], context: TailContext, goto: boolean): Tail {
  const {target, isChain, family} = context
  if (target === null) return leave(text, before, {kind: 'none'})
  if (goto || isChain) return leave(text, before, {kind: goto ? 'goto' : 'jump', chain: target})
  if (isModelled(target)) return finishModelled(text, before, target, family)
  const known = STANDARD_TARGETS.get(target) ?? TARGET_MODULES.get(target)
  if (known === undefined && text === '')
    return {matches: before, target: {kind: 'jump', chain: target}, leftover: null}
  const verbatim = `${target} ${text}`.trimEnd()
  if (known === undefined) {
    return {matches: before, target: {kind: 'opaque', name: target, text: verbatim, recognised: false}, leftover: text}
  }
  const found = known().finish(verbatim, family)
  if (found?.kind === 'continue' || found?.kind === 'opaque') return {matches: before, target: found, leftover: null}
  return leave(text, before, found ?? {kind: 'opaque', name: target, text: verbatim, recognised: false})
}

/** A match that no phrase explains may stand before the target's text. */
function finishModelled(text: string, before: readonly Match[], target: string, family: Family): Tail {
  for (let at = 0; ;) {
    const found = readTargetText(target, text.slice(at), family)
    if (found !== null) return leave(text.slice(0, at).trimEnd(), before, found)
    if (at >= text.length) break
    const space = text.indexOf(' ', at)
    at = space < 0 ? text.length : space + 1
  }
  const opaque: Target = {kind: 'opaque', name: target, text: `${target} ${text}`.trimEnd(), recognised: false}
  return {matches: before, target: opaque, leftover: text}
}

function leave(text: string, before: readonly Match[], target: Target): Tail {
  if (text === '') return {matches: before, target, leftover: null}
  return {matches: [...before, {kind: 'unrecognised', negated: false, text}], target, leftover: text}
}
