import type {Diagnostic} from '../../model/index.js'
import type {Capture, CapturedDocument} from '../capture.js'
import {STREAM_MARK} from './streamFormat.js'

interface Draft {
  name: string
  command: string | null
  /** Offset of the output's first character. */
  from: number
  stderr: string
  asRoot: boolean
}

/**
 * The documents of what the capture script printed. Banners before it, and whatever a terminal added behind it, do not matter.
 * @param text with `\n` line ends
 * @param name what diagnostics call it
 * @returns null where there is no capture script's output in the text
 */
export function readCaptureStream(text: string, name: string): Omit<Capture, 'origin'> | null {
  const begin = new RegExp(`^${STREAM_MARK} (\\S+) begin (\\d*) (\\S*) ?(.*)$`, 'm').exec(text)
  if (begin === null) return null
  const [, run = '', uid = '', time = '', host = ''] = begin
  const reader = new StreamReader(text, `${STREAM_MARK} ${run} `, uid === '0')
  const complete = reader.read(begin.index)
  return {
    hostname: host === '' ? null : host,
    capturedAt: time === '' ? null : time,
    documents: reader.documents,
    diagnostics: complete ? [] : [cutShort(name, reader.documents)],
  }
}

/** Exit codes of a command that was ended: by `timeout`, by SIGKILL, and by SIGPIPE, when it printed more than its limit. */
const ENDED: ReadonlySet<number> = new Set([124, 137, 141])

class StreamReader {
  readonly documents: CapturedDocument[] = []
  readonly #text: string
  readonly #mark: string
  readonly #asRoot: boolean
  #open: Draft | null = null
  /** Offset of the first mark after the open document's output; its output ends before the line end that precedes it. */
  #end = 0

  constructor(text: string, mark: string, asRoot: boolean) {
    this.#text = text
    this.#mark = mark
    this.#asRoot = asRoot
  }

  /** @returns false where the text ends before the script did */
  read(from: number): boolean {
    for (let at = from; at >= 0; at = this.#nextMark(at + 1)) {
      const newline = this.#text.indexOf('\n', at)
      const lineEnd = newline < 0 ? this.#text.length : newline
      const [word = '', ...rest] = this.#text.slice(at + this.#mark.length, lineEnd).split(' ')
      if (word === 'end') return true
      this.#take(word, rest, at, Math.min(lineEnd + 1, this.#text.length))
    }
    if (this.#open !== null) this.#close(this.#text.length, null, null, true)
    return false
  }

  #nextMark(from: number): number {
    const at = this.#text.indexOf(`\n${this.#mark}`, from - 1)
    return at < 0 ? -1 : at + 1
  }

  #take(word: string, rest: readonly string[], at: number, next: number): void {
    if (word === 'document') {
      if (this.#open !== null) this.#close(at - 1, null, null, true)
      this.#open = {name: safeName(rest.join(' ')), command: null, from: next, stderr: '', asRoot: this.#asRoot}
      this.#end = 0
    } else if (this.#open === null) return
    else if (word === 'command') {
      this.#open.command = rest.join(' ')
      this.#open.from = next
      this.#open.asRoot ||= rest[0] === 'sudo'
    } else if (word === 'stderr') {
      this.#end ||= at - 1
      this.#open.stderr += `${rest.join(' ')}\n`
    } else if (word === 'exit') {
      this.#close(this.#end || at - 1, number(rest[0]), number(rest[1]), false)
    }
  }

  #close(end: number, exitCode: number | null, seconds: number | null, cut: boolean): void {
    const draft = this.#open
    if (draft === null) return
    this.#open = null
    if (exitCode === 127 && end <= draft.from) return // the tool is not installed: its document is missing, not empty
    this.documents.push({
      name: draft.name,
      bytes: Buffer.from(this.#text.slice(draft.from, Math.max(end, draft.from))),
      command: draft.command,
      exitCode,
      stderr: draft.stderr,
      cut: cut || (exitCode !== null && ENDED.has(exitCode)),
      asRoot: draft.asRoot,
      milliseconds: seconds === null ? null : seconds * 1000,
    })
  }
}

/** The text may come from anywhere: names stay inside the capture. */
function safeName(name: string): string {
  return name
    .split('/')
    .filter(part => part !== '' && part !== '.' && part !== '..')
    .join('/')
}

function number(word: string | undefined): number | null {
  return word !== undefined && /^\d+$/.test(word) ? Number(word) : null
}

function cutShort(name: string, documents: readonly CapturedDocument[]): Diagnostic {
  const last = documents.at(-1)?.name ?? 'its first command'
  const text = `The output of the capture script ends in ${last}, before its end mark: what would have followed is missing.`
  return {code: 'TRUNCATED', severity: 'warning', text, source: {document: name, line: 1}}
}
