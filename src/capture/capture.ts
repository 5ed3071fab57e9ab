import type {Diagnostic} from '../model/index.js'

/** One document of a capture, as the tool wrote it. */
export interface CapturedDocument {
  /** Path inside the capture, with `/`; never absolute, never with `..`. */
  readonly name: string
  readonly bytes: Uint8Array
  /** The command whose output it is; null where only its name tells. */
  readonly command: string | null
  /** Null: unknown. */
  readonly exitCode: number | null
  readonly stderr: string
  /** True where the document ends before its output did: time limit, size limit, a lost connection, a cut archive. */
  readonly cut: boolean
  /** True where it is known to have run as root: only then an empty answer may mean that there is nothing. */
  readonly asRoot: boolean
  /** How long the command took; null: unknown. */
  readonly milliseconds: number | null
}

export interface Capture {
  /** Folder, file, `-`, `ssh://host` or `live`: what the user would type again. */
  readonly origin: string
  readonly hostname: string | null
  /** ISO 8601; null where unknown. */
  readonly capturedAt: string | null
  readonly documents: readonly CapturedDocument[]
  /** What was left out or cut on the way. */
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Says which members of a folder or an archive are read at all, by path and size in bytes.
 * Archives are read once, from front to end: the answer cannot depend on later members.
 */
export type MemberFilter = (name: string, size: number) => boolean

/** A document of which only name and content are known. */
export function plainDocument(name: string, bytes: Uint8Array): CapturedDocument {
  return {name, bytes, command: null, exitCode: null, stderr: '', cut: false, asRoot: false, milliseconds: null}
}
