import type {MergedPhase} from '../explain/mergePhases.js'
import type {Phase} from '../explain/phase.js'
import {escapeText} from '../escapeText.js'
import {displayWidth, padEnd, padStart} from './displayWidth.js'
import {type Part, renderEvidence, renderPath} from './evidence.js'
import {blanks, columnOf, indent, paint, type Page, PHASE_INDENT} from './layout.js'
import {wrapWords} from './wrap.js'

/** The effect of a phase stands beside its result only where it has this much room. */
const NARROWEST_EFFECT = 24

/** Numbered phases: type, result, the way through the chains, and the lines that prove it. */
export function renderPhases(page: Page, merged: readonly MergedPhase[]): string[] {
  const phases = merged.flatMap(row => row.groups.map(group => group.phase))
  const columns: Columns = {
    title: columnOf(phases, phase => phase.title, 24),
    result: columnOf(phases, phase => phase.result, 16),
  }
  return merged.flatMap((row, index) => ['', ...renderMerged(page, row, index + 1, columns)])
}

interface Columns {
  readonly title: number
  readonly result: number
}

function renderMerged(page: Page, row: MergedPhase, number: number, columns: Columns): string[] {
  const head = `${padStart(String(number), 4)}  ${page.style.strong(padEnd(escapeText(row.title), columns.title))}`
  const [first] = row.groups
  if (first === undefined) return []
  if (row.common) {
    const left = PHASE_INDENT + columns.title + 2
    const lines = renderPhase(page, first.phase, {left, result: columns.result, bodyLeft: PHASE_INDENT, part: 'whole'})
    return [`${head}  ${lines[0] ?? ''}`, ...lines.slice(1)]
  }
  const shared = countShared(row.groups.map(group => group.phase))
  const beginning = first.phase.steps.slice(0, shared)
  return [
    head.trimEnd(),
    ...indent(renderPath(page, beginning, PHASE_INDENT, 'beginning'), PHASE_INDENT),
    ...renderEvidence(page, beginning, PHASE_INDENT),
    ...row.groups.flatMap(({labels, phase}) =>
      renderBranch(page, labels, {...phase, steps: phase.steps.slice(shared)}, shared > 0),
    ),
  ]
}

function renderBranch(page: Page, labels: readonly string[], phase: Phase, continued: boolean): string[] {
  const label = labels.map(escapeText).join(', ')
  const left = PHASE_INDENT + Math.max(3, displayWidth(label) + 2)
  const lines = renderPhase(page, phase, {
    left,
    result: 0,
    bodyLeft: PHASE_INDENT + 3,
    part: continued ? 'rest' : 'whole',
  })
  return [
    blanks(PHASE_INDENT) + page.style.strong(padEnd(label, left - PHASE_INDENT)) + (lines[0] ?? ''),
    ...lines.slice(1),
  ]
}

interface Place {
  /** Columns before the result on its line. */
  readonly left: number
  /** Columns of the results above and below. */
  readonly result: number
  /** Columns before path and evidence. */
  readonly bodyLeft: number
  readonly part: Part
}

/** Result, effect, path, evidence. The first line comes without its indent. A path takes the place of an effect that nothing tells. */
function renderPhase(page: Page, phase: Phase, {left, result: resultWidth, bodyLeft, part}: Place): string[] {
  const {width, style} = page
  const result = padEnd(escapeText(phase.result), resultWidth)
  const effectLeft = left + (result === '' ? 0 : displayWidth(result) + 2)
  const beside = width - effectLeft >= NARROWEST_EFFECT
  const path = renderPath(page, phase.steps, bodyLeft, part)
  const short = phase.effect === '' && path.length === 1 && displayWidth(path[0] ?? '') <= width - effectLeft
  const effect = short ? path : wrapWords(escapeText(phase.effect), width - (beside ? effectLeft : left))
  const painted = result === '' ? '' : paint(style, phase.tone)(result)
  const head =
    beside && effect[0] !== undefined ? `${painted}${result === '' ? '' : '  '}${effect[0]}` : painted.trimEnd()
  return [
    head,
    ...indent(beside ? effect.slice(1) : effect, beside ? effectLeft : left),
    ...(short ? [] : indent(path, bodyLeft)),
    ...renderEvidence(page, phase.steps, bodyLeft),
  ]
}

/** Steps that all groups begin with. */
function countShared(phases: readonly Phase[]): number {
  const texts = phases.map(phase => phase.steps.map(step => JSON.stringify(step)))
  const [first = [], ...others] = texts
  let count = 0
  while (count < first.length && others.length > 0 && others.every(steps => steps[count] === first[count])) count++
  return count
}
