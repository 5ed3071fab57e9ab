/** A word of an edit, without its quotes. */
export interface Word {
  readonly text: string
  /** Where it begins in the edit, from 1. */
  readonly column: number
  /** A part of it stands in quotes: it is no option and separates nothing. */
  readonly quoted: boolean
}

/** Words of a command, as a POSIX shell splits them; the `;` and line ends between commands are words of their own, not quoted. */
export function splitWords(text: string): {readonly words: readonly Word[]; readonly closed: boolean} {
  const words: Word[] = []
  let at = 0
  while (at < text.length) {
    const c = text[at] as string
    if (c === ';' || c === '\n') words.push({text: ';', column: ++at, quoted: false})
    else if (/\s/.test(c)) at++
    else {
      const end = readWord(text, at)
      if (end === null) return {words, closed: false}
      words.push(end.word)
      at = end.next
    }
  }
  return {words, closed: true}
}

/** Null: a quote is not closed. */
function readWord(text: string, start: number): {readonly word: Word; readonly next: number} | null {
  let word = ''
  let quoted = false
  let at = start
  for (let c = text[at]; c !== undefined && !/[\s;]/.test(c); c = text[at]) {
    if (c === "'" || c === '"') {
      const part = readQuoted(text, at, c)
      if (part === null) return null
      word += part.text
      at = part.next
      quoted = true
    } else if (c === '\\' && at + 1 < text.length) {
      word += text[at + 1] as string
      at += 2
      quoted = true
    } else {
      word += c
      at++
    }
  }
  return {word: {text: word, column: start + 1, quoted}, next: at}
}

function readQuoted(text: string, start: number, quote: string): {readonly text: string; readonly next: number} | null {
  let part = ''
  for (let at = start + 1; at < text.length; at++) {
    const c = text[at] as string
    if (c === quote) return {text: part, next: at + 1}
    // inside double quotes a backslash takes a quote or another backslash; inside single quotes it is one
    const escaped = quote === '"' && c === '\\' && /["\\]/.test(text[at + 1] ?? '')
    part += escaped ? (text[++at] as string) : c
  }
  return null
}
