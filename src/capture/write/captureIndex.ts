import type {Capture} from '../capture.js'

/** `capture.json` of the native layout. */
export interface CaptureIndexFile {
  readonly schema: 'ekspath.capture/1'
  readonly tool: 'ekspath'
  readonly version: string
  readonly capturedAt: string | null
  readonly host: string | null
  readonly commands: readonly {
    readonly document: string
    readonly command: string | null
    readonly exitCode: number | null
    readonly stderr: string
    readonly ms: number | null
    /** True where root asked: an empty answer then means that there is nothing. */
    readonly root: boolean
    /** Only where the document ends before its output did. */
    readonly cut?: true
  }[]
  /** Only where something kept the capture from being whole, such as a connection that was lost: what, and which document it cost. */
  readonly lost?: readonly {readonly document: string | null; readonly text: string}[]
}

/** @param version of ekspath */
export function captureIndex(
  {capturedAt, hostname, documents, diagnostics}: Capture,
  version: string,
): CaptureIndexFile {
  const lost = diagnostics.map(({source, text}) => ({document: source?.document ?? null, text}))
  return {
    schema: 'ekspath.capture/1',
    tool: 'ekspath',
    version,
    capturedAt,
    host: hostname,
    commands: documents.map(({name, command, exitCode, stderr, milliseconds, asRoot, cut}) => ({
      document: name,
      command,
      exitCode,
      stderr,
      ms: milliseconds,
      root: asRoot,
      ...(cut ? {cut} : {}),
    })),
    ...(lost.length === 0 ? {} : {lost}),
  }
}
