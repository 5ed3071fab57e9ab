import type {Diagnostic, DiagnosticCode, Parsed, Severity} from '../model/index.js'

/** All diagnostics of a node. Parsers that read late go on adding to theirs, so they are joined when asked for. */
export class DiagnosticSink {
  readonly #lists: (readonly Diagnostic[])[] = []
  readonly #own: Diagnostic[] = []

  constructor(found: readonly Diagnostic[] = []) {
    this.#lists.push(found, this.#own)
  }

  get all(): readonly Diagnostic[] {
    return this.#lists.flat()
  }

  /** @param document null: the capture as a whole */
  add(code: DiagnosticCode, severity: Severity, text: string, document: string | null, line = 1): void {
    this.#own.push({code, severity, text, source: document === null ? null : {document, line}})
  }

  /** The value of a parser's answer, whose diagnostics are kept. */
  take<T>({value, diagnostics}: Parsed<T>): T {
    this.#lists.push(diagnostics)
    return value
  }
}
