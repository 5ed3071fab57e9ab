import {escapeText} from '../escapeText.js'
import type {MergedPhase} from '../explain/mergePhases.js'
import {formatSource, isMiss, type Phase} from '../explain/phase.js'
import {displayWidth, padEnd} from './displayWidth.js'
import {blanks, columnOf, MARGIN, paint, type Page} from './layout.js'
import {wrapWords} from './wrap.js'

/** The reply's way, one line a phase; what it passed unchanged is left out. */
export function renderReply(page: Page, merged: readonly MergedPhase[]): string[] {
  const rows = merged.flatMap(row =>
    row.groups.filter(({phase}) => matters(phase)).map(({label, phase}) => ({label: row.common ? '' : label, phase})),
  )
  const phases = rows.map(row => row.phase)
  const title = columnOf(phases, phase => phase.title, 24)
  const result = columnOf(phases, phase => phase.result, 16)
  return rows.flatMap(({label, phase}) => {
    const left = MARGIN + title + 2
    const prefix = label === '' ? '' : `${label}: `
    const source = escapeText(sourcesOf(phase).join(' · '))
    const painted = paint(page.style, phase.tone)(padEnd(escapeText(phase.result), result))
    const effectLeft = left + Math.max(result, phase.result.length) + 2
    const text = `${prefix}${escapeText(phase.effect === '' ? evidenceOf(phase) : phase.effect)}`
    const lines = wrapWords(text, page.width - effectLeft)
    const [first = '', ...rest] = lines
    const head = `${blanks(MARGIN)}${padEnd(escapeText(phase.title), title)}  ${painted}  ${first}`
    return placeSource(page, [head, ...rest.map(line => blanks(effectLeft) + line)], source, effectLeft)
  })
}

function matters(phase: Phase): boolean {
  return (
    phase.effect !== '' ||
    phase.tone !== 'pass' ||
    phase.steps.some(step => step.kind !== 'chain-rule' && !isMiss(step))
  )
}

function evidenceOf(phase: Phase): string {
  return phase.steps.findLast(step => step.text !== '')?.text.trim() ?? ''
}

/** What decided last; of routing the policy rule and the route, since a mark that is restored shows in the rule. */
function sourcesOf({steps}: Phase): string[] {
  const cited = steps.filter(({source}) => source !== null)
  const rule = cited.findLast(({kind}) => kind === 'ip-rule')
  const last = cited.at(-1)
  const told = rule === undefined || rule === last ? [last] : [rule, last]
  return told.flatMap(step => formatSource(step?.source ?? null) ?? [])
}

/** `file:line` after the last line where it fits, else below it. */
function placeSource({width, style}: Page, lines: string[], source: string, left: number): string[] {
  if (source === '') return lines.map(line => line.trimEnd())
  const last = lines.at(-1) ?? ''
  if (displayWidth(last) + 2 + displayWidth(source) <= width)
    return [...lines.slice(0, -1), `${last}  ${style.faint(source)}`]
  return [...lines, ...wrapWords(source, width - left).map(line => blanks(left) + style.faint(line))]
}
