import type {JsonServiceRow, JsonSource, ShowServicesReport} from '../../model/index.js'
import {escapeText} from '../escapeText.js'
import {endpointAddress, frontendText, percent} from '../table/serviceWords.js'
import {describeNode} from './answer.js'
import {displayWidth, padEnd} from './displayWidth.js'
import {blanks, MARGIN, type Page} from './layout.js'
import {fill, wrapWords} from './wrap.js'

/** Services for a terminal: each with where it is reached, the chain that chooses, and below it the endpoints. Ends with a line end. */
export function renderServiceText(report: ShowServicesReport, page: Page): string {
  const lines = [
    ...wrapWords(describeNode(report), page.width, 2).map(page.style.strong),
    ...groupRows(report.rows).flatMap(rows => ['', ...renderService(page, rows)]),
  ]
  return `${lines.join('\n')}\n`
}

/** Rows that follow each other and are of one service. */
function groupRows(rows: readonly JsonServiceRow[]): (readonly [JsonServiceRow, ...JsonServiceRow[]])[] {
  const groups: [JsonServiceRow, ...JsonServiceRow[]][] = []
  for (const row of rows) {
    const group = groups.at(-1)
    const [first] = group ?? []
    const same =
      first !== undefined &&
      first.service === row.service &&
      first.protocol === row.protocol &&
      first.family === row.family &&
      first.frontends[0]?.source.document === row.frontends[0]?.source.document
    if (same) group?.push(row)
    else groups.push([row])
  }
  return groups
}

function renderService(page: Page, rows: readonly [JsonServiceRow, ...JsonServiceRow[]]): string[] {
  const [{service, protocol, frontends, namedBy, refusal}] = rows
  const name = [service, protocol, ...(namedBy === 'comment' ? [] : [NAMED[namedBy]])].join(' ')
  // a virtual service is named by where it is reached
  const places = frontends
    .filter(({kind}) => kind !== 'virtual service')
    .map(frontend => `${frontend.kind} ${frontend.address === null ? frontend.port : frontendText(frontend)}`)
  const [head = '', ...rest] = fill([name, ...places].map(escapeText), page.width, MARGIN, ' · ')
  return [
    page.style.strong(head),
    ...rest.map(page.style.strong),
    ...(['all', 'local'] as const).flatMap(reach =>
      renderEndpoints(
        page,
        rows.filter(row => row.reach === reach),
      ),
    ),
    ...(refusal === null ? [] : layRow(page, blanks(MARGIN) + `refused: ${refusal.why}`, refusal.source)),
  ]
}

const NAMED: Readonly<Record<Exclude<JsonServiceRow['namedBy'], 'comment'>, string>> = {
  'chain hash': '(named by the hash of its chain)',
  'chain name': '(named by its chain)',
  address: '(virtual service of IPVS)',
  nothing: '(nothing names it)',
}

function renderEndpoints(page: Page, rows: readonly JsonServiceRow[]): string[] {
  const [first] = rows
  if (first === undefined) return []
  if (first.endpoint === null) {
    if (first.namedBy !== 'address') return []
    return [blanks(MARGIN) + page.style.faint(`${schedulerText(first)} · no real server`)]
  }
  const chain = `${first.chain ?? schedulerText(first)}${first.reach === 'local' ? ', only endpoints of this node' : ''}`
  const cells = rows.flatMap(({endpoint}) =>
    endpoint === null
      ? []
      : [
          [
            `${endpoint.number} of ${endpoint.of}`,
            endpoint.probability === null ? '' : percent(endpoint.probability),
            endpointAddress(endpoint),
            podText(endpoint),
          ],
        ],
  )
  const widths = [0, 1, 2].map(column => Math.max(...cells.map(row => displayWidth(escapeText(row[column] ?? '')))))
  return [
    ...wrapWords(escapeText(chain), page.width - MARGIN).map(line => blanks(MARGIN) + page.style.faint(line)),
    ...cells.flatMap((row, i) => {
      const text = row
        .map((cell, column) => padEnd(escapeText(cell), widths[column] ?? 0))
        .join('  ')
        .trimEnd()
      return layRow(page, blanks(MARGIN * 2) + text, rows[i]?.source ?? null)
    }),
  ]
}

function schedulerText({scheduler}: JsonServiceRow): string {
  return scheduler === null ? 'scheduler not shown' : `scheduler ${escapeText(scheduler)}`
}

function podText({pod, local}: NonNullable<JsonServiceRow['endpoint']>): string {
  return pod ?? (local === true ? 'on this node' : '')
}

/** Ends a line with where that stands, or puts it below where there is no room. */
function layRow({width, style}: Page, text: string, source: JsonSource | null): string[] {
  const cite = source === null ? '' : escapeText(`${source.document}:${source.line}`)
  const gap = width - displayWidth(text) - displayWidth(cite)
  return gap >= 2
    ? [text + blanks(gap) + style.faint(cite)]
    : [text, ...wrapWords(cite, width - MARGIN * 3).map(line => blanks(MARGIN * 3) + style.faint(line))]
}
