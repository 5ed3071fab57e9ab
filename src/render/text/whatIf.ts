import type {ExplainReport, JsonOutcome} from '../../model/index.js'
import {escapeText} from '../escapeText.js'
import {groupAfter} from '../explain/groupAfter.js'
import type {ExplanationGroup} from '../explain/groupExplanations.js'
import {type MergedPhase, mergePhases} from '../explain/mergePhases.js'
import {pairPhases, type PhasePair} from '../explain/pairPhases.js'
import {variantsOf} from '../explain/variants.js'
import {renderHeader, renderOrigin, renderOutcomes} from './answer.js'
import {displayWidth, padEnd, padStart} from './displayWidth.js'
import {blanks, MARGIN, type Page, PHASE_INDENT} from './layout.js'
import {renderBody} from './phases.js'
import {renderReply} from './reply.js'
import {renderWhy} from './why.js'
import {fill, wrapWords} from './wrap.js'

/** A page at least this wide holds both walks beside each other. */
const COLUMNS_FROM = 116
const GUTTER = ' │ '
/** Columns of `before` and `after` where the walks stand one below the other. */
const SIDE = 8

/**
 * Both walks, the one of the node as it is and the one after the edits: the answers first, then the phases from where they part.
 * @param isFirst of its report: the edits are told once
 */
export function renderWhatIf(page: Page, report: ExplainReport, before: ExplanationGroup, isFirst: boolean): string[] {
  const after = groupAfter(before)
  if (after === null) return []
  const {strong} = page.style
  const lines = [
    ...renderHeader(page, report, before),
    '',
    ...(isFirst ? [...renderEdits(page, report), ''] : []),
    strong('BEFORE'),
    ...renderOutcomes(page, report, before).slice(1),
    ...renderOrigin(page, before.explanations[0]),
    '',
    strong('AFTER'),
    ...renderOutcomes(page, report, after).slice(1),
    ...renderWay(page, 'THE PACKET', before, after, outcome => outcome),
    ...renderWay(page, 'ITS REPLY', before, after, outcome => outcome.reply ?? null),
    ...renderWhy(page, after, 'WHY, after the edits'),
    '',
  ]
  return lines.filter((line, i) => line !== '' || lines[i - 1] !== '')
}

export function isWhatIf({explanations}: ExplanationGroup): boolean {
  return explanations[0].whatIf !== undefined
}

function renderEdits(page: Page, {whatIf}: ExplainReport): string[] {
  const {style, width} = page
  const edits = whatIf?.edits ?? []
  const left = MARGIN + 4
  return [
    ...renderHeading(page, 'WHAT IF', 'nothing is run: the node stays as it is'),
    ...edits.flatMap(({source, text, effect}) => {
      const lines = [...wrapWords(escapeText(text), width - left, 2)]
      const said = escapeText(effect)
      const fits = displayWidth(lines.at(-1) ?? '') + displayWidth(said) + 2 <= width - left
      if (fits) lines.push(`${lines.pop() ?? ''}  ${style.faint(said)}`)
      else lines.push(...wrapWords(said, width - left, 2).map(style.faint))
      const number = blanks(MARGIN) + padStart(String(source.line), 2) + blanks(left - MARGIN - 2)
      return lines.map((line, i) => (i === 0 ? number : blanks(left)) + line)
    }),
  ]
}

type Pick = (outcome: JsonOutcome) => JsonOutcome | null

function renderWay(page: Page, title: string, before: ExplanationGroup, after: ExplanationGroup, pick: Pick): string[] {
  const [own, other] = [mergePhases(variantsOf(before, pick)), mergePhases(variantsOf(after, pick))]
  const heading = (text: string): string[] => ['', ...renderHeading(page, title, text)]
  if (own.length === 0 && other.length === 0) return []
  if (other.length === 0) return heading('there is none after the edits')
  if (own.length === 0) return [...heading('there is one after the edits alone'), ...renderReply(page, other)]
  const pairs = pairPhases(own, other)
  if (pairs.every(({same}) => same)) return heading(`goes the same way in all ${pairs.length} phases`)
  return [...heading('from where the two walks part'), ...renderPairs(page, pairs)]
}

function renderHeading({style, width}: Page, title: string, text: string): string[] {
  if (displayWidth(title) + 2 + displayWidth(text) <= width) return [`${style.strong(title)}  ${style.faint(text)}`]
  return [style.strong(title), ...wrapWords(text, width - MARGIN).map(line => blanks(MARGIN) + style.faint(line))]
}

/** Phases that are the same are only named. */
function renderPairs(page: Page, pairs: readonly PhasePair[]): string[] {
  const lines: string[] = []
  let same: string[] = []
  const flush = (): void => {
    if (same.length > 0) lines.push('', ...renderSame(page, same))
    same = []
  }
  for (const [index, pair] of pairs.entries()) {
    const name = `${index + 1} ${escapeText(pair.title)}`
    if (pair.same) same.push(name)
    else {
      flush()
      const rest = pairs.slice(index)
      const ended = {before: rest.every(each => each.before === null), after: rest.every(each => each.after === null)}
      lines.push('', ...renderPair(page, pair, index + 1, ended))
    }
  }
  flush()
  return lines
}

function renderSame({width, style}: Page, names: readonly string[]): string[] {
  return fill(
    ['the same in', ...names.map((name, i) => (i === names.length - 1 ? name : `${name} ·`))],
    width - PHASE_INDENT,
    2,
  ).map(line => blanks(PHASE_INDENT) + style.faint(line))
}

/** Whether a walk has come to its end before a phase. */
type Ended = Readonly<Record<'before' | 'after', boolean>>

function renderPair(page: Page, pair: PhasePair, number: number, ended: Ended): string[] {
  const title = `${padStart(String(number), 4)}  ${page.style.strong(escapeText(pair.title))}`
  return [title, ...(page.width >= COLUMNS_FROM ? beside(page, pair, ended) : below(page, pair, ended))]
}

function beside(page: Page, {before, after}: PhasePair, ended: Ended): string[] {
  const width = Math.floor((page.width - PHASE_INDENT - GUTTER.length) / 2)
  const half: Page = {...page, width}
  const left = renderHalf(half, before, ended.before)
  const right = renderHalf(half, after, ended.after)
  return Array.from({length: Math.max(left.length, right.length)}, (_, i) => {
    const line = blanks(PHASE_INDENT) + padEnd(left[i] ?? '', width) + page.style.faint(GUTTER) + (right[i] ?? '')
    return right[i] === undefined || right[i] === '' ? line.trimEnd() : line
  })
}

function renderHalf(page: Page, row: MergedPhase | null, ended: boolean): string[] {
  return row === null ? [absent(page, ended)] : renderBody(page, row, 0)
}

function absent({style}: Page, ended: boolean): string {
  return style.faint(ended ? 'not reached' : '—')
}

function below(page: Page, {before, after}: PhasePair, ended: Ended): string[] {
  const sides = [['before', before] as const, ['after', after] as const]
  const left = PHASE_INDENT + SIDE
  return sides.flatMap(([name, row]) => {
    const lines = row === null ? [blanks(left) + absent(page, ended[name])] : renderBody(page, row, left)
    const [first = '', ...rest] = lines
    return [blanks(PHASE_INDENT) + page.style.faint(padEnd(name, SIDE)) + first.slice(left), ...rest]
  })
}
