import {escapeText} from '../escapeText.js'
import {displayWidth, padEnd} from './displayWidth.js'
import {blanks, LABEL, MARGIN, type Page} from './layout.js'
import {fill, wrapWords} from './wrap.js'

/** A named field: the name once, on the left, and its lines beside it, broken between their parts. */
export function renderField(
  {width}: Page,
  name: string,
  facts: readonly (readonly string[])[],
  paint: (text: string) => string,
  margin = MARGIN,
): string[] {
  const left = margin + Math.max(LABEL, displayWidth(name) + 2)
  const lines = facts.flatMap(parts => fill(parts.map(escapeText), width - left, 0, ' · '))
  return lines.map(
    (line, i) =>
      (i === 0 ? blanks(margin) + paint(name) + blanks(left - margin - displayWidth(name)) : blanks(left)) + line,
  )
}

/** Two columns, the first as wide as its longest entry: codes and what they mean. */
export function renderList({width, style}: Page, entries: readonly (readonly [string, string])[]): string[] {
  const column = Math.max(0, ...entries.map(([name]) => displayWidth(name)))
  const left = column + MARGIN + 2
  if (left > width / 2) {
    return entries.flatMap(([name, text]) => [
      blanks(MARGIN) + name,
      ...wrapWords(text, width - 4).map(line => blanks(4) + line),
    ])
  }
  return entries.flatMap(([name, text]) =>
    wrapWords(text, width - left).map(
      (line, i) => (i === 0 ? blanks(MARGIN) + style.faint(padEnd(name, column)) + '  ' : blanks(left)) + line,
    ),
  )
}
