/** @typedef {import('./rows/rows.mjs').Result} Result */

const WIDTHS = [58, 20, 38, 16, 18]

/** A Markdown table, so that it goes to docs/performance.md as it is. */
export const HEAD = [line(['what', 'ekspath', 'against', 'result', 'bar', '']), rule()].join('\n')

/** @param {Result} result @param {boolean} judged say whether the bar holds */
export function formatRow(result, judged) {
  const {row, own, peer, value, bar, kind, unit} = result
  const limit = `${kind === 'most' ? '≤' : '≥'} ${format(bar, unit)}`
  return line([row, own, peer, format(value, unit), limit, judged && isMissed(result) ? 'missed' : ''])
}

/** @param {Result} result */
export function isMissed({value, bar, kind}) {
  return kind === 'most' ? !(value <= bar) : !(value >= bar)
}

function format(value, unit) {
  const digits = unit === '×' || unit === 's' ? 2 : 0
  return `${value.toLocaleString('en-GB', {minimumFractionDigits: digits, maximumFractionDigits: digits})} ${unit}`
}

function line(cells) {
  return `| ${cells.map((cell, i) => cell.padEnd(WIDTHS[i] ?? 6)).join(' | ')} |`
}

function rule() {
  return `| ${[...WIDTHS, 6].map(width => '-'.repeat(width)).join(' | ')} |`
}
