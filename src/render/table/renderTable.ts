import {escapeText} from '../escapeText.js'
import {displayWidth} from '../text/displayWidth.js'
import type {Page} from '../text/layout.js'
import {wrapWords} from '../text/wrap.js'

/** Rows of captured text under column names. */
export interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Blanks between two columns. */
const GAP = 2
/** No column is made narrower than this for the sake of others. */
const LEAST_COLUMN = 8

/** Rows as a table for people, as wide as the page at most. */
export async function renderTable({width, style}: Page, {head, rows}: Table): Promise<string> {
  const {default: CliTable} = await import('cli-table3')
  const cells = rows.map(row => row.map(escapeText))
  const widths = shareWidth(naturalWidths([head, ...cells]), width)
  const table = new CliTable({
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
    table.push(
      row.map((cell, i) =>
        wrapCell(cell, widths[i] ?? 0)
          .map(i === row.length - 1 ? style.faint : line => line)
          .join('\n'),
      ),
    )
  }
  return `${table
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

function naturalWidths(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = []
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, displayWidth(cell))
  return widths
}

/** Takes what is too much from the widest columns, which wrap. */
function shareWidth(natural: readonly number[], width: number): number[] {
  const widths = [...natural]
  const room = width - GAP * (widths.length - 1)
  for (let excess = sum(widths) - room; excess > 0; excess = sum(widths) - room) {
    const widest = widths.indexOf(Math.max(...widths))
    const current = widths[widest] ?? 0
    if (current <= LEAST_COLUMN) break
    const next = Math.max(LEAST_COLUMN, ...widths.filter(other => other < current))
    const peers = widths.filter(other => other === current).length
    widths[widest] = Math.max(next, current - Math.ceil(excess / peers))
  }
  return widths
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

function wrapCell(text: string, width: number): string[] {
  const lines = wrapWords(text, Math.max(1, width))
  return lines.length === 0 ? [''] : lines
}
