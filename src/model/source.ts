/** Where a record was read: a document of the capture and a line in it, counted from 1. */
export interface SourceRef {
  readonly document: string
  readonly line: number
}

/** A record and the very text that says so, without its line end. */
export interface Evidence {
  readonly source: SourceRef
  /** As captured: untrusted, may hold control characters. Escaped only when printed. */
  readonly text: string
}

/**
 * One text of a capture, as the parsers get it.
 * `name` is its path inside the capture, with which evidence is cited (`iptables-save.txt`, `networking/iprule.txt`).
 */
export interface SourceText {
  readonly name: string
  readonly text: string
  /** Line number of the text's first line, for a text cut out of a larger document. 1 for a whole one. */
  readonly firstLine?: number
}
