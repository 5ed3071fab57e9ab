import type {Diagnostic, DiagnosticCode, Severity} from '../../model/index.js'

/** How many diagnostics of one code a document may have: beyond, a damaged capture would bury all else. */
const LIMIT = 100

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
    const full = count === LIMIT ? `${text}; there may be more like this, which are not listed` : text
    this.all.push({code, severity, text: full, source: {document: this.#document, line: line ?? 1}})
  }
}
