import type {JsonNodeFact, ShowNodeReport} from '../../model/index.js'
import {escapeText} from '../escapeText.js'
import {describeNode} from './answer.js'
import {displayWidth} from './displayWidth.js'
import {renderField} from './fields.js'
import {blanks, LABEL, MARGIN, type Page} from './layout.js'
import {wrapWords} from './wrap.js'
import {wrapRule} from './wrapRule.js'

/** More facts of one kind than this are counted, not shown: the answer is one screen. --json has all. */
const MOST = 8

/** What a node is, for a terminal: a field for each kind of fact, with the file and line that says so. Ends with a line end. */
export function renderNodeText(report: ShowNodeReport, page: Page): string {
  const kinds = [...new Set(report.rows.map(({fact}) => fact))].filter(
    kind => kind !== 'missing' && kind !== 'cni trace',
  )
  const of = (kind: string) => report.rows.filter(({fact}) => fact === kind)
  const missing = of('missing').map(({value}) => value)
  const lines = [
    ...wrapWords(describeNode(report), page.width, 2).map(page.style.strong),
    '',
    ...kinds.flatMap(kind => [
      ...renderKind(page, kind, of(kind)),
      ...(kind === 'cni' ? of('cni trace').flatMap(trace => renderTrace(page, trace)) : []),
    ]),
    ...(missing.length === 0 ? [] : ['', ...renderField(page, 'not captured', [missing], page.style.faint)]),
  ]
  return `${lines.join('\n')}\n`
}

function renderKind(page: Page, kind: string, facts: readonly JsonNodeFact[]): string[] {
  const shown = facts.length > MOST ? facts.slice(0, MOST - 1) : facts
  const more = facts.length - shown.length
  const lines = shown.flatMap(({value, because, evidence}) => {
    const first = evidence[0]
    const source = first === undefined ? null : `${first.document}:${first.line}`
    return layFact(page, because === null ? [value] : [value, because], source)
  })
  const all = [...lines, ...(more > 0 ? [page.style.faint(`and ${more} more: --json lists all`)] : [])]
  return all.map((line, i) => (i === 0 ? name(page, kind) : blanks(MARGIN + LABEL)) + line)
}

function name({style}: Page, kind: string): string {
  return blanks(MARGIN) + style.strong(kind) + blanks(LABEL - displayWidth(kind))
}

/** The fact, and at the right end of its last line where it stands; on a line of its own where there is no room. */
function layFact({width, style}: Page, parts: readonly string[], source: string | null): string[] {
  const room = width - MARGIN - LABEL
  const lines = wrapWords(escapeText(parts.join(' · ')), room, 2)
  if (source === null) return lines
  const cite = escapeText(source)
  const last = lines.pop() ?? ''
  const gap = room - displayWidth(last) - displayWidth(cite)
  return gap >= 2
    ? [...lines, last + blanks(gap) + style.faint(cite)]
    : [...lines, last, ...wrapWords(cite, room - 2).map(line => blanks(2) + style.faint(line))]
}

/** What proves the version: the versions that write such a line, and the line. */
function renderTrace({width, style}: Page, {value, evidence}: JsonNodeFact): string[] {
  const left = MARGIN + LABEL
  return evidence.flatMap(({document, line, text}) => {
    const head = `${value}  ${escapeText(`${document}:${line}`)}  `
    const rule = escapeText(text)
    if (displayWidth(head) + displayWidth(rule) <= width - left - 2)
      return [blanks(left + 2) + style.faint(head) + rule]
    return [
      blanks(left + 2) + style.faint(head.trimEnd()),
      ...wrapRule(rule, width - left - 4).map(part => blanks(left + 4) + part),
    ]
  })
}
