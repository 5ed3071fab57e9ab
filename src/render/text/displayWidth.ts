const ASCII = /^[\x20-\x7e]*$/
/** SGR sequences, which only our own styles write: captured text is escaped before. */
// eslint-disable-next-line no-control-regex
const SGR = /\x1b\[[0-9;]*m/g
const ZERO_WIDTH = /[\p{Mn}\p{Me}]/u
/** East Asian wide and fullwidth blocks, and emoji: two columns each. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u

/** Columns that a text takes on a terminal. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length
  let width = 0
  for (const character of text.replace(SGR, '')) {
    if (!ZERO_WIDTH.test(character)) width += WIDE.test(character) ? 2 : 1
  }
  return width
}

/** Fills up with blanks on the right. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

/** Fills up with blanks on the left. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text
}
