import type {Diagnostic, DiagnosticCode, Severity} from '../../model/index.js'

/** Collects what a parser could not read of one document. */
export class Notes {
  readonly diagnostics: Diagnostic[] = []
  readonly #document: string
  readonly #once = new Set<string>()

  constructor(document: string) {
    this.#document = document
  }

  /** @param line as the document counts, from 1 */
  add(code: DiagnosticCode, severity: Severity, text: string, line: number): void {
    this.diagnostics.push({code, severity, text, source: {document: this.#document, line}})
  }

  /** Like add, for what would otherwise repeat on every line: only the first of each `key` is kept. */
  addOnce(key: string, code: DiagnosticCode, severity: Severity, text: string, line: number): void {
    if (this.#once.has(key)) return
    this.#once.add(key)
    this.add(code, severity, text, line)
  }

  has(key: string): boolean {
    return this.#once.has(key)
  }
}
