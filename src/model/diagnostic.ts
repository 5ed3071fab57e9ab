import type {SourceRef} from './source.js'

export type Severity = 'error' | 'warning' | 'info'

/**
 * Something in the input that could not be read, or was read with a caveat. Parsers collect these and never throw.
 * The codes are a closed union, each described in docs/diagnostics.md.
 */
export interface Diagnostic {
  readonly code: DiagnosticCode
  readonly severity: Severity
  /** One sentence: what was found, what was expected, what to do. Quoted input is escaped by the printer. */
  readonly text: string
  readonly source: SourceRef | null
}

export type DiagnosticCode =
  /** A line that the grammar of its document does not know at all. */
  | 'UNPARSED_LINE'
  /** A line that ends in the middle: the capture was cut. */
  | 'TRUNCATED'
  /** A known line with a keyword the grammar does not know; the record is kept and the keyword makes it unknown. */
  | 'UNKNOWN_KEYWORD'
  /** A value that is out of range or of the wrong kind. */
  | 'BAD_VALUE'
  /** A document whose content is not what its name says. */
  | 'UNRECOGNISED_DOCUMENT'
  /** A document with nothing in it: absent, not "no rules". */
  | 'EMPTY_DOCUMENT'
  /** A document that holds a tool's error message in place of its output. */
  | 'TOOL_ERROR'
  /** A document that is not text, or in an encoding that could not be decoded. */
  | 'NOT_TEXT'
  /** Text that was repaired before it could be read (BOM, CRLF, UTF-16, pager, banner, hard wraps). */
  | 'REPAIRED_TEXT'
  /** A table that iptables could not list ("incompatible, use 'nft' tool"): unknown, not empty. */
  | 'INCOMPATIBLE_TABLE'
  /** iptables-nft-save warns that the node has legacy tables too, which it does not list. */
  | 'OTHER_BACKEND'
  /** One of the named network namespaces is the one that was captured. */
  | 'OWN_NAMESPACE'
  /** iptables-save ended without COMMIT. */
  | 'NO_COMMIT'
  /** A jump to a chain that the table does not declare. */
  | 'UNDECLARED_CHAIN'
  /** Two documents, or two records of one, that cannot both be true. */
  | 'CONTRADICTION'
  /** A record that stands twice. */
  | 'DUPLICATE'
  /** Output of a tool known to leave out what it cannot print (old ip, busybox): low confidence. */
  | 'LOSSY_TOOL'
  /** Two rule texts that print alike: the listing does not decide between them. */
  | 'AMBIGUOUS_TEXT'
  /** Two versions of one tool wrote and printed the state; the text is corrupt where they differ. */
  | 'VERSION_SKEW'
  /** JSON that is not of a known shape. */
  | 'BAD_JSON'
  /** A member of an archive that was left out (size cap, link, device, escape) or cut short. */
  | 'ARCHIVE_MEMBER'
  /** A command of the capture that failed, timed out or was missing on the node. */
  | 'COMMAND_FAILED'
  /** A table name that no rt_tables of the capture explains. */
  | 'UNKNOWN_TABLE_NAME'

/** A parser's answer: the good part, and what was wrong with the rest. */
export interface Parsed<T> {
  readonly value: T
  readonly diagnostics: readonly Diagnostic[]
}
