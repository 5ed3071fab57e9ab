import type {JsonDiagnostic} from './report.js'
/** A node that `ekspath capture` was asked to capture. */
export interface CapturedNode {
  /** As it was named with --ssh; null: the node that ekspath ran on. */
  host: string | null
  /** Where the capture was written; null where there is none. */
  file: string | null
  documents: number
  /** Documents whose command failed: their output is kept, and says why. */
  failed: string[]
  /** Why there is no capture, or only a part of one; null: it is whole. */
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

/** `ekspath captures inspect --json`: what a capture holds, before anybody asks it anything. */
export interface InspectReport {
  schema: 'ekspath.inspect/1'
  source: string
  hostname: string | null
  capturedAt: string | null
  /** Name of the collector; null: files somehow named. */
  layout: string | null
  documents: {
    name: string
    command: string | null
    bytes: number
    /** What it was taken for: `rules`, `routes`, `iptables` …; several where it holds several outputs. */
    kinds: string[]
  }[]
  /** Files that are no output that is known. */
  ignored: string[]
  tools: {tool: string; version: string}[]
  routing: {
    family: 4 | 6
    /** Null: not in the capture. */
    rules: number | null
    routes: number | null
  }[]
  netfilter: {
    family: 4 | 6 | null
    /** `iptables-nft`, `iptables-legacy`, `nft`; null: the text does not say. */
    backend: string | null
    document: string
    tables: string[]
    /** True: what is not among `tables` and `unlisted` is not on the node either. */
    complete: boolean
    /** Tables that the node has and that nobody listed. */
    unlisted: string[]
  }[]
  missing: {code: string; command: string; cost: string}[]
  diagnostics: JsonDiagnostic[]
}
