import type {InspectReport} from '../../model/index.js'
import {escapeText} from '../escapeText.js'
import {renderField, renderList} from './fields.js'
import {blanks, MARGIN, type Page} from './layout.js'
import {wrapWords} from './wrap.js'

/** More ignored files than this are counted. */
const MOST_IGNORED = 8

/** What a capture holds, for a terminal: what was found, what is missing and what that costs. Ends with a line end. */
export function renderInspectText(report: InspectReport, page: Page): string {
  const {source, hostname, capturedAt, layout, documents, tools, routing, netfilter, diagnostics} = report
  const {strong, faint} = page.style
  const head = [
    source,
    layout ?? 'files of no known layout',
    hostname,
    capturedAt === null ? null : `captured ${capturedAt.replace('T', ' ')}`,
  ]
  const told = diagnostics.filter(({severity, code}) => severity !== 'info' || code === 'REPAIRED_TEXT')
  const lines = [
    ...wrapWords(
      head
        .filter(part => part !== null)
        .map(part => escapeText(part))
        .join(' · '),
      page.width,
      2,
    ).map(strong),
    '',
    ...renderField(
      page,
      'routing',
      routing.map(family => [describeRouting(family)]),
      strong,
    ),
    ...renderField(
      page,
      'netfilter',
      netfilter.length === 0 ? [['nothing of it is in the capture']] : netfilter.map(describeNetfilter),
      strong,
    ),
    ...(tools.length === 0
      ? []
      : renderField(page, 'tools', [tools.map(({tool, version}) => `${tool} ${version}`)], strong)),
    '',
    strong('DOCUMENTS'),
    ...documents.flatMap(document => indented(describeDocument(document), page)),
    ...describeIgnored(report.ignored)
      .flatMap(line => indented(line, page))
      .map(faint),
    '',
    strong('NOT IN THE CAPTURE'),
    ...(report.missing.length === 0 ? ['  nothing that an answer may need'] : []),
    ...renderList(
      page,
      report.missing.map(({command, cost}) => [command, cost]),
    ),
    ...(told.length === 0 ? [] : ['', strong('READ WITH A CAVEAT')]),
    ...told.flatMap(({code, text, source: place}) =>
      indented(
        `${code}  ${escapeText(text)}${place === null ? '' : `  ${escapeText(`${place.document}:${place.line}`)}`}`,
        page,
      ),
    ),
  ]
  return `${lines.join('\n')}\n`
}

function indented(text: string, {width}: Page): string[] {
  return wrapWords(text, width - MARGIN, 4).map(line => blanks(MARGIN) + line)
}

function describeRouting({family, rules, routes}: InspectReport['routing'][number]): string {
  return `IPv${family}: ${count(rules, 'rules')}, ${count(routes, 'routes')}`
}

function count(number: number | null, what: string): string {
  return number === null ? `no list of ${what}` : `${number} ${what}`
}

function describeNetfilter({
  family,
  backend,
  document,
  tables,
  complete,
  unlisted,
}: InspectReport['netfilter'][number]): string[] {
  const what = backend === 'nft' ? 'nftables' : (backend ?? 'iptables, back end not said')
  const held = tables.length === 0 ? 'no tables' : `tables ${tables.join(', ')}`
  const rest = complete ? 'and no others' : 'others unknown'
  const lost = unlisted.length === 0 ? '' : `; not listed: ${unlisted.join(', ')}`
  return [`${family === null ? '' : `IPv${family} `}${what}: ${held}, ${rest}${lost}`, document]
}

function describeDocument({name, command, bytes, kinds}: InspectReport['documents'][number]): string {
  const size = bytes < 10_000 ? `${bytes} B` : `${Math.round(bytes / 1000)} kB`
  return [escapeText(name), kinds.join(', '), command === null ? null : `\`${escapeText(command)}\``, size]
    .filter(part => part !== null)
    .join(' · ')
}

function describeIgnored(ignored: readonly string[]): string[] {
  if (ignored.length === 0) return []
  const shown = ignored.slice(0, MOST_IGNORED).map(escapeText).join(', ')
  const more = ignored.length > MOST_IGNORED ? ` and ${ignored.length - MOST_IGNORED} more` : ''
  return [`no output that is known: ${shown}${more}`]
}
