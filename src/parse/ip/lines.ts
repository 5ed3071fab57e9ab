import type {SourceText} from '../../model/index.js'
import type {Notes} from './notes.js'

export interface Line {
  /** From source.firstLine. */
  readonly number: number
  /** Without line end, trailing blanks and colour escapes; leading blanks stay. */
  readonly text: string
  /** False for a last line that ends without a newline: it may have been cut. */
  readonly ended: boolean
}

const ESCAPE = '\u001b'
/** CSI sequences, of which `ip -color` writes only `ESC [ … m`. */
const CONTROL_SEQUENCE = new RegExp(`${ESCAPE}\\[[0-9;:?]*[@-~]`, 'g')

/** The lines of a text, blank ones left out. `ip -color=always` is undone, with one diagnostic. */
export function readLines(source: SourceText, notes: Notes): Line[] {
  const lines: Line[] = []
  let number = source.firstLine ?? 1
  const {text} = source
  for (let start = 0; start < text.length; number++) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    const line = plainText(text.slice(start, end).trimEnd(), number, notes)
    if (line !== '') lines.push({number, text: line, ended: newline >= 0})
    start = end + 1
  }
  return lines
}

function plainText(text: string, number: number, notes: Notes): string {
  if (!text.includes(ESCAPE)) return text
  notes.addOnce('colour', 'REPAIRED_TEXT', 'info', 'Terminal colour escapes were removed.', number)
  return text.replace(CONTROL_SEQUENCE, '').trimEnd()
}

/** Words between blanks, tabs and stray carriage returns. */
export function splitWords(text: string): string[] {
  const trimmed = text.trim()
  return trimmed === '' ? [] : trimmed.split(/\s+/)
}

/** The parts of a line of `ip -o`, which writes a backslash for each newline, before the tab or the blanks that the next line begins with. */
export function splitOneline(text: string): readonly string[] {
  return text.includes('\\') ? text.split(/\\(?=\s)/) : [text]
}
