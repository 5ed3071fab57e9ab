/** A node that `ekspath capture` was asked to capture. */
export interface CapturedNode {
  /** As it was named with --ssh; null: the node that ekspath ran on. */
  host: string | null
  /** Where the capture was written; null where there is none. */
  file: string | null
  documents: number
  /** Documents whose command failed: their output is kept, and says why. */
  failed: string[]
  /** Null: captured. */
  error: string | null
}

/** `ekspath capture --json` */
export interface CaptureReport {
  schema: 'ekspath.capture-report/1'
  nodes: CapturedNode[]
}

/** `ekspath capture --script --json` */
export interface CaptureScriptReport {
  schema: 'ekspath.capture-script/1'
  /** POSIX sh. */
  script: string
}

/** `ekspath capture --list-commands --json` */
export interface CaptureCommandsReport {
  schema: 'ekspath.capture-commands/1'
  commands: {
    /** Its name in a capture. */
    document: string
    command: string
    /** What it is needed for. */
    why: string
    /** True where it tells less, or nothing, without root. */
    root: boolean
  }[]
}
