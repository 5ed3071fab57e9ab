import {escapeText} from '../escapeText.js'
import {displayWidth} from '../text/displayWidth.js'
import type {Page} from '../text/layout.js'
import {fill} from '../text/wrap.js'
import {wrapRule} from '../text/wrapRule.js'

/** Rows of captured text under column names. */
export interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Blanks between two columns. */
const GAP = 2
/** No column is made narrower than this for the sake of others. */
const LEAST_COLUMN = 14

/** Rows as a table for people, as wide as the page at most. Columns in which no row says anything are left out. */
export async function renderTable({width, style}: Page, table: Table): Promise<string> {
  const {default: CliTable} = await import('cli-table3')
  const {head, rows: cells} = withoutEmptyColumns(table)
  const widths = shareWidth(naturalWidths([head, ...cells]), width)
  const printed = new CliTable({
    head: head.map((name, i) =>
      wrapCell(name, widths[i] ?? 0)
        .map(style.strong)
        .join('\n'),
    ),
    // cli-table3 colours by itself, even into a pipe, unless told not to
    style: {head: [], border: [], 'padding-left': 0, 'padding-right': 0},
    chars: BORDERLESS,
  })
  for (const row of cells) {
    printed.push(
      row.map((cell, i) =>
        wrapCell(cell, widths[i] ?? 0)
          .map(i === row.length - 1 ? style.faint : line => line)
          .join('\n'),
      ),
    )
  }
  return `${printed
    .toString()
    .split('\n')
    .map(line => line.trimEnd())
    .join('\n')}\n`
}

const BORDERLESS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' '.repeat(GAP),
}

/** Rows as tab-separated values with a head: for pipes. Tabs and control characters in a cell are escaped, so a row is a line. */
export function renderTsv({head, rows}: Table): string {
  return [head, ...rows].map(row => `${row.map(escapeText).join('\t')}\n`).join('')
}

function withoutEmptyColumns({head, rows}: Table): Table {
  const cells = rows.map(row => row.map(escapeText))
  const said = head.map((_, i) => cells.length === 0 || cells.some(row => row[i] !== ''))
  const keep = (row: readonly string[]) => row.filter((_, i) => said[i])
  return {head: keep(head), rows: cells.map(keep)}
}

function naturalWidths(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = []
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, displayWidth(cell))
  return widths
}

/** Takes what is too much from the widest column, which wraps, then from the next. The last one, `file:line`, stays whole. */
function shareWidth(natural: readonly number[], width: number): number[] {
  const widths = natural.slice(0, -1)
  const last = natural.at(-1) ?? 0
  const room = width - last - GAP * widths.length
  const byWidth = [...widths.keys()].sort((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))
  for (const column of byWidth) {
    const excess = sum(widths) - room
    if (excess <= 0) break
    const width = widths[column] ?? 0
    widths[column] = Math.min(width, Math.max(LEAST_COLUMN, width - excess))
  }
  return [...widths, last]
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

/** Rules at their options, names after `/`, `-`, `.` and `:`, where they are too long. */
function wrapCell(text: string, width: number): string[] {
  const lines = wrapRule(text, Math.max(1, width), 0)
  if (lines.length > 1 && !text.includes(' ')) return fill(text.split(/(?<=[-/.:])/), Math.max(1, width), 0, '')
  return lines.length === 0 ? [''] : lines
}
