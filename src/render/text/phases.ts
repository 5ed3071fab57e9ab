import type {JsonFinding} from '../../model/index.js'
import type {MergedPhase} from '../explain/mergePhases.js'
import {makePhase, type Phase} from '../explain/phase.js'
import {escapeText} from '../escapeText.js'
import {displayWidth, padEnd, padStart} from './displayWidth.js'
import {type Part, renderEvidence, renderPath} from './evidence.js'
import {blanks, columnOf, indent, paint, type Page, PHASE_INDENT} from './layout.js'
import {wrapWords} from './wrap.js'

/** The effect of a phase stands beside its result only where it has this much room. */
const NARROWEST_EFFECT = 24

/** Numbered phases: type, result, the way through the chains, and the lines that prove it. */
export function renderPhases(page: Page, merged: readonly MergedPhase[], findings: readonly JsonFinding[]): string[] {
  const phases = merged.flatMap(row => row.groups.map(group => group.phase))
  const columns: Columns = {
    title: columnOf(phases, phase => phase.title, 24),
    result: columnOf(phases, phase => phase.result, 16),
  }
  const told = new Set<JsonFinding>()
  return merged.flatMap((row, index) => {
    const here = findingsOf(row, findings).filter(finding => !told.has(finding))
    for (const finding of here) told.add(finding)
    return [
      '',
      ...renderMerged(page, row, index + 1, columns),
      ...here.flatMap(finding => renderFinding(page, finding)),
    ]
  })
}

/** What is wrong with the node at this stage; the whole of it stands below. */
function renderFinding(page: Page, {code, severity, title}: JsonFinding): string[] {
  const text = wrapWords(escapeText(`${code} ${title}`), page.width - PHASE_INDENT - 2)
  const paintIt = severity === 'error' ? page.style.bad : page.style.change
  return text.map((line, i) => blanks(PHASE_INDENT) + (i === 0 ? paintIt('! ') : blanks(2)) + paintIt(line))
}

function findingsOf({groups}: MergedPhase, findings: readonly JsonFinding[]): JsonFinding[] {
  const stages = new Set(groups.flatMap(({phase}) => phase.steps.map(({stage}) => stage)))
  return findings.filter(finding => finding.stages?.some(stage => stages.has(stage)) === true)
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
  const beginning = makePhase(first.phase.key, first.phase.steps.slice(0, shared))
  const left = PHASE_INDENT + columns.title + 2
  const effect = wrapWords(escapeText(beginning.effect), page.width - left)
  return [
    `${head}  ${effect[0] ?? ''}`.trimEnd(),
    ...indent(effect.slice(1), left),
    ...indent(renderPath(page, beginning.steps, PHASE_INDENT, 'beginning'), PHASE_INDENT),
    ...renderEvidence(page, beginning.steps, PHASE_INDENT),
    ...row.groups.flatMap(({label, phase}) => renderBranch(page, escapeText(label), phase, shared)),
  ]
}

/** What `renderPhases` tells of one phase beside its number and title; every line is indented by `left`. */
export function renderBody(page: Page, row: MergedPhase, left: number): string[] {
  const [first] = row.groups
  if (first === undefined) return []
  if (!row.common) {
    return row.groups.flatMap(({label, phase}) => renderBranch(page, escapeText(label), phase, 0, left))
  }
  const [head = '', ...rest] = renderPhase(page, first.phase, {left, result: 0, bodyLeft: left, part: 'whole'})
  return [blanks(left) + head, ...rest]
}

/** A label longer than this stands on lines of its own. */
const LONGEST_LABEL = 16

function renderBranch(page: Page, label: string, phase: Phase, shared: number, margin = PHASE_INDENT): string[] {
  const rest = phase.steps.slice(shared)
  const told = {...phase, steps: rest, effect: makePhase(phase.key, rest).effect}
  const long = displayWidth(label) > LONGEST_LABEL
  const left = margin + (long ? 3 : Math.max(3, displayWidth(label) + 2))
  const lines = renderPhase(page, told, {
    left,
    result: 0,
    bodyLeft: margin + 3,
    part: shared > 0 ? 'rest' : 'whole',
  })
  const labels = wrapWords(label, page.width - margin).map(line => blanks(margin) + page.style.strong(line))
  if (long) return [...labels, blanks(left) + (lines[0] ?? ''), ...lines.slice(1)]
  return [blanks(margin) + page.style.strong(padEnd(label, left - margin)) + (lines[0] ?? ''), ...lines.slice(1)]
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
