import type {Diagnostic, DiagnosticCode, Severity} from '../../model/index.js'

/** How many diagnostics of one code a document may have: beyond, a damaged capture would bury all else. */
const LIMIT = 100

/** Characters of a diagnostic: lines of a damaged capture may be of any length. */
const MAX_TEXT = 300

/** The diagnostics of one document, which may go on growing after the parser has returned. */
export class DiagnosticList {
  readonly all: Diagnostic[] = []
  readonly #document: string
  readonly #counts = new Map<DiagnosticCode, number>()

  constructor(document: string) {
    this.#document = document
  }

  /** @param line from 1; null for the document as a whole */
  add(code: DiagnosticCode, severity: Severity, text: string, line: number | null): void {
    const count = (this.#counts.get(code) ?? 0) + 1
    this.#counts.set(code, count)
    if (count > LIMIT) return
    const more = count === LIMIT ? ' There may be more like this, which are not listed.' : ''
    const short = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text
    this.all.push({code, severity, text: short + more, source: {document: this.#document, line: line ?? 1}})
  }
}
