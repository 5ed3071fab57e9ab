import {escapeText} from '../escapeText.js'

/** What Markdown or HTML would read: markup, table bars, mentions, issue numbers, and the colon of a link. */
const SPECIAL = /[\\`*_~[\]<>&|#@]|:(?=\/\/)/g

/** Captured text as literal text of a paragraph or a table cell. */
export function escapeMarkdown(text: string): string {
  return escapeText(text).replace(SPECIAL, character => `&#${character.charCodeAt(0)};`)
}

/** Captured text as inline code where that can be written in a table cell, else as literal text. */
export function inlineCode(text: string): string {
  const safe = escapeText(text)
  return safe === '' || /[`|]|^\s|\s$/.test(safe) ? escapeMarkdown(text) : `\`${safe}\``
}

/** Lines of captured text as a block of code, with a fence that none of them can close. */
export function codeBlock(lines: readonly string[]): string[] {
  const safe = lines.map(escapeText)
  const longest = Math.max(2, ...safe.flatMap(line => [...line.matchAll(/`+/g)].map(([run]) => run.length)))
  const fence = '`'.repeat(longest + 1)
  return [`${fence}text`, ...safe, fence]
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}

/** A part that stays folded until it is clicked. GitHub wants the blank lines. */
export function details(summary: string, lines: readonly string[]): string[] {
  return ['<details>', `<summary>${summary}</summary>`, '', ...lines, '', '</details>', '']
}
