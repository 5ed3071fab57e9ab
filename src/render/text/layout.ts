import type {JsonStep} from '../../model/index.js'
import type {Phase, Tone} from '../explain/phase.js'
import type {Style} from './style.js'

/** The page: how wide it is and how things look on it. */
export interface Page {
  /** Columns; no line is longer. */
  readonly width: number
  readonly style: Style
}

/** Columns before everything but headings. */
export const MARGIN = 2
/** Columns of the field names (`UNDETERMINED` is the longest) with the gap after them. */
export const LABEL = 14
/** Columns before what belongs to a numbered phase. */
export const PHASE_INDENT = 6

export const blanks = (count: number) => ' '.repeat(Math.max(0, count))

export function indent(lines: readonly string[], columns: number): string[] {
  return lines.map(line => (line === '' ? line : blanks(columns) + line))
}

export function paint(style: Style, tone: Tone): (text: string) => string {
  switch (tone) {
    case 'pass':
      return style.good
    case 'change':
      return style.change
    case 'lost':
      return style.bad
    case 'unsure':
      return style.unsure
  }
}

/** Does a step say something that a heading does not? */
export function isEvidence(step: JsonStep): boolean {
  return step.source !== null || step.text !== ''
}

/** The longest of some texts, in columns, up to a limit. */
export function columnOf(phases: readonly Phase[], pick: (phase: Phase) => string, limit: number): number {
  return Math.min(limit, Math.max(0, ...phases.map(phase => pick(phase).length)))
}
