import type {ExplainReport} from '../../model/index.js'
import {escapeText} from '../escapeText.js'
import {OUT_OF_SIGHT} from '../explain/outOfSight.js'
import {formatSource} from '../explain/phase.js'
import {renderList} from './fields.js'
import {blanks, MARGIN, type Page} from './layout.js'
import {fill, wrapWords} from './wrap.js'

const MOST_DIAGNOSTICS = 5

/** Findings and assumptions are those of an explanation. */
type Remarkable = Pick<ExplainReport, 'capture' | 'diagnostics'> &
  Partial<Pick<ExplainReport, 'findings' | 'assumptions'>>

function inStages(stages: readonly string[]): string {
  return stages.length === 0 ? '' : ` (${stages.map(stage => stage.replaceAll(/[/-]/g, ' ')).join(', ')})`
}

/** What the answer rests on besides the lines shown. */
export function renderRemarks(page: Page, report: Remarkable): string[] {
  const {style, width} = page
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [style.strong(title), ...lines, '']
  const at = (source: ExplainReport['diagnostics'][number]['source']) =>
    source === null ? '' : ` (${formatSource(source) ?? ''})`
  const findings = (report.findings ?? []).map(
    ({code, title, text, stages = []}) => [code, escapeText(`${title}${inStages(stages)}. ${text}`)] as const,
  )
  const assumed = (report.assumptions ?? []).map(
    ({code, text, source}) => [code, escapeText(text + at(source ?? null))] as const,
  )
  const missing = fill(report.capture.missing.map(escapeText), width - MARGIN, 0, ' · ')
  const notable = report.diagnostics.filter(({severity}) => severity !== 'info')
  const shown = notable
    .slice(0, MOST_DIAGNOSTICS)
    .map(({code, text, source}) => [code, escapeText(text + at(source))] as const)
  const more = notable.length - shown.length
  return [
    ...section('FINDINGS', renderList(page, findings)),
    ...section('ASSUMED', renderList(page, assumed)),
    ...section(
      'NOT IN THE CAPTURE',
      missing.map(line => blanks(MARGIN) + line),
    ),
    ...section('READ WITH CARE', [
      ...renderList(page, shown),
      ...(more > 0 ? [`${blanks(MARGIN)}and ${more} more: --json lists all`] : []),
    ]),
    ...wrapWords(OUT_OF_SIGHT, width, 2).map(style.faint),
  ]
}
