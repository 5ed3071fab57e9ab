import {mayMatch} from './mayMatch.js'

/** Where a collector puts the output of which command. */
export interface DocumentPattern {
  /** Matched against the path below the capture's root. */
  readonly path: RegExp
  /** What was run: a text in which `$1` … are the groups of `path`, or a function of the path. */
  readonly command: string | ((path: string) => string)
}

/** What an index file of a collector says of one document. */
export interface IndexEntry {
  readonly command: string | null
  readonly exitCode: number | null
  readonly stderr: string
  readonly cut: boolean
  readonly asRoot: boolean
}

export interface CaptureIndex {
  readonly hostname: string | null
  readonly capturedAt: string | null
  /** By path below the root. */
  readonly documents: ReadonlyMap<string, IndexEntry>
  /** What kept the capture from being whole, and which document that cost. */
  readonly lost?: readonly {readonly document: string | null; readonly text: string}[]
}

/** A way of laying out captures that some collector has. */
export interface Layout {
  /** As a person would name it. */
  readonly name: string
  /** A path that only this layout has; its match begins where the root's paths begin. */
  readonly mark: RegExp
  readonly documents: readonly DocumentPattern[]
  /** Its collector refuses to run as anybody but root. */
  readonly asRoot?: true
  /** Its names are those that people give to files of their own: they do not tell the options of a command. */
  readonly handNamed?: true
  /** Its list of contents, where it has one. */
  readonly index?: {readonly path: RegExp; read(text: string): CaptureIndex | null}
  /** Hostname and time where they stand in the names of files or folders. */
  readonly identify?: (root: string, origin: string) => Pick<CaptureIndex, 'hostname' | 'capturedAt'>
}

/** The command whose output stands at a path, by the layout's table; null: nothing that is known. */
export function commandAt(layout: Layout, path: string): string | null {
  const pattern = layout.documents.find(candidate => mayMatch(candidate.path, path) && candidate.path.test(path))
  if (pattern === undefined) return null
  const {command} = pattern
  return typeof command === 'string' ? path.replace(pattern.path, command) : command(path)
}
