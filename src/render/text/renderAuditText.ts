import type {AuditReport, JsonFinding, Severity} from '../../model/index.js'
import {escapeText} from '../escapeText.js'
import {explainCommand} from '../explain/explainCommand.js'
import {countSeverities} from '../explain/severities.js'
import {describeFates} from '../explain/describeFates.js'
import {some} from '../explain/some.js'
import {describeNode} from './answer.js'
import {displayWidth, padEnd} from './displayWidth.js'
import {blanks, MARGIN, type Page} from './layout.js'
import {renderRemarks} from './remarks.js'
import {wrapWords} from './wrap.js'
import {wrapRule} from './wrapRule.js'

/** So many of the lines, pods and services of a finding are shown; --json has all. */
const MOST_LINES = 4
const MOST_NAMES = 6
const MOST_COMMANDS = 4
const MOST_FATES = 2

/** Columns before what belongs to a finding. */
const INDENT = MARGIN + 10

/** Findings for a terminal, worst first. Ends with a line end. */
export function renderAuditText(report: AuditReport, page: Page): string {
  const lines = [
    ...wrapWords(describeNode(report), page.width, 2).map(page.style.strong),
    countSeverities(report.findings),
    '',
    ...report.findings.flatMap(finding => [...renderFinding(page, report.capture.source, finding), '']),
    ...renderRemarks(page, {capture: report.capture, diagnostics: report.diagnostics}),
  ]
  return `${lines.join('\n')}\n`
}

function renderFinding(page: Page, source: string, finding: JsonFinding): string[] {
  const {severity, code, title, text, pods, services, flow, proof, repair, remedy, reference} = finding
  const [first = '', ...rest] = wrapWords(escapeText(`${code} · ${title}`), page.width - INDENT)
  const names = pods.map(({name, ip}) => name ?? ip)
  return [
    blanks(MARGIN) + paintSeverity(page, severity)(padEnd(severity, INDENT - MARGIN)) + page.style.strong(first),
    ...rest.map(line => blanks(INDENT) + page.style.strong(line)),
    ...wrapWords(escapeText(text), page.width - INDENT).map(line => blanks(INDENT) + line),
    ...renderLines(page, finding),
    ...renderFact(page, 'pods', names.length === 0 ? [] : [some(names, MOST_NAMES)]),
    ...renderFact(page, 'services', services.length === 0 ? [] : [some(services, MOST_NAMES)]),
    ...renderFact(page, 'shown by', flow === null ? [] : [explainCommand(flow, source)]),
    ...renderFact(page, 'now', proof === null ? [] : fates(proof.now)),
    ...renderFact(page, 'repaired', fates(proof?.repaired ?? [])),
    ...renderFact(page, 'repair', shortened(repair)),
    ...renderFact(page, 'remedy', [remedy]),
    ...renderFact(page, 'see', reference === null ? [] : [reference]),
  ]
}

function fates(list: NonNullable<JsonFinding['proof']>['now']): string[] {
  return describeFates(list).slice(0, MOST_FATES)
}

function shortened(repair: readonly string[]): string[] {
  if (repair.length <= MOST_COMMANDS + 1) return [...repair]
  return [...repair.slice(0, MOST_COMMANDS), `and ${repair.length - MOST_COMMANDS} more: --json lists all`]
}

function paintSeverity({style}: Page, severity: Severity): (text: string) => string {
  return severity === 'error' ? style.bad : severity === 'warning' ? style.change : style.faint
}

function renderLines({width, style}: Page, {evidence}: JsonFinding): string[] {
  const shown = evidence.slice(0, MOST_LINES)
  const more = evidence.length - shown.length
  const lines = shown.flatMap(({document, line, text}) => {
    const source = escapeText(`${document}:${line}`)
    const room = width - INDENT - displayWidth(source) - 2
    const rule = escapeText(text).trim()
    if (displayWidth(rule) <= room) return [`${style.faint(source)}  ${rule}`]
    return [
      ...wrapWords(source, width - INDENT).map(style.faint),
      ...wrapRule(rule, width - INDENT - 2).map(part => `  ${part}`),
    ]
  })
  return [...lines, ...(more > 0 ? [style.faint(`and ${more} more lines`)] : [])].map(line => blanks(INDENT) + line)
}

/** Columns of the names of facts. */
const NAME = 10

function renderFact({width, style}: Page, name: string, lines: readonly string[]): string[] {
  return lines
    .flatMap(line => wrapWords(escapeText(line), width - INDENT - NAME, 2))
    .map((line, i) => blanks(INDENT) + (i === 0 ? style.faint(padEnd(name, NAME)) : blanks(NAME)) + line)
}
