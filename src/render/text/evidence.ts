import type {JsonStep} from '../../model/index.js'
import {escapeText} from '../escapeText.js'
import {describeMiss, formatSource, isJump, isMiss, tracePath} from '../explain/phase.js'
import {displayWidth, padEnd} from './displayWidth.js'
import {elideElements} from './elideElements.js'
import {blanks, isEvidence, type Page} from './layout.js'
import {fill, wrapWords} from './wrap.js'
import {elideRule, wrapRule} from './wrapRule.js'

/** A `file:line` longer than this share of the page stands on a line of its own. */
const SOURCE_SHARE = 0.36

/** Columns for `file:line`; 0 where it stands on a line of its own. */
function sourceColumn(steps: readonly JsonStep[], width: number): number {
  const longest = Math.max(0, ...steps.map(step => displayWidth(escapeText(formatSource(step.source) ?? ''))))
  return longest > width * SOURCE_SHARE ? 0 : longest
}

/** Each step's line of the capture, with where it stands. */
export function renderEvidence(page: Page, steps: readonly JsonStep[], left: number): string[] {
  const column = sourceColumn(steps, page.width - left)
  return steps
    .filter((step, i) => isEvidence(step) && !isSameLine(step, steps[i - 1]))
    .flatMap(step => renderLine(page, step, left, column))
}

/** A route that decides, and then gives the source too, is cited once. */
function isSameLine(step: JsonStep, previous: JsonStep | undefined): boolean {
  return !isMiss(step) && step.source !== null && formatSource(step.source) === formatSource(previous?.source ?? null)
}

function renderLine({width, style}: Page, step: JsonStep, left: number, column: number): string[] {
  const source = escapeText(formatSource(step.source) ?? '')
  const textLeft = left + (column === 0 ? 2 : column + 2)
  const missed = isMiss(step)
  const lines = [
    ...wrapStep(step, width - textLeft).map(missed ? style.faint : line => line),
    ...(missed ? wrapWords(escapeText(describeMiss(step)), width - textLeft, 2) : []),
  ]
  if (column === 0) {
    const sourceLines = wrapWords(source, width - left).map(line => blanks(left) + style.faint(line))
    return [...sourceLines, ...lines.map(line => blanks(textLeft) + line)]
  }
  const [first = '', ...rest] = lines
  return [
    `${blanks(left)}${style.faint(padEnd(source, column))}  ${first}`.trimEnd(),
    ...rest.map(line => blanks(textLeft) + line),
  ]
}

function wrapStep(step: JsonStep, width: number): string[] {
  const text = escapeText(step.text).trim().replace(/ +/g, ' ')
  if (step.kind !== 'chain-rule' && step.kind !== 'chain-miss') return wrapWords(text, width, 2)
  if (step.kind === 'chain-miss') return elideRule(text, width)
  return isJump(step) ? elideRule(shorten(text, step, width), width) : wrapRule(text, width)
}

function shorten(text: string, {target}: JsonStep, width: number): string {
  return target === null || displayWidth(text) <= width ? text : elideElements(text, escapeText(target))
}

/** What of a phase's steps is told: the first ones that branches share, what a branch has beyond them, or all. */
export type Part = 'whole' | 'beginning' | 'rest'

/** `KUBE-SERVICES 2 → KUBE-SVC-… 1 → KUBE-SEP-… 2 DNAT`, broken at the arrows. */
export function renderPath({width}: Page, steps: readonly JsonStep[], left: number, part: Part = 'whole'): string[] {
  return tracePath(steps, part !== 'beginning').flatMap((run, index) =>
    fill(
      run.map((piece, i) =>
        i === 0 && !(part === 'rest' && index === 0) ? escapeText(piece) : `→ ${escapeText(piece)}`,
      ),
      width - left,
      2,
    ),
  )
}
