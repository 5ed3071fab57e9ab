import type {Diagnostic} from '../../model/index.js'
import {type CapturedDocument, type MemberFilter, plainDocument} from '../capture.js'
import {InputError} from '../errors.js'
import type {Limits} from '../read/limits.js'

/** What an archive's directory says of one member. */
export interface MemberHeader {
  readonly path: string
  /** Bytes, as claimed. */
  readonly size: number
  readonly kind: 'file' | 'folder' | 'link' | 'other'
}

/** Chooses the members of an archive that are kept, within limits, and remembers what was left out. */
export class MemberList {
  readonly #documents = new Map<string, CapturedDocument>()
  readonly #diagnostics: Diagnostic[] = []
  readonly #origin: string
  readonly #wanted: MemberFilter
  readonly #limits: Limits
  #members = 0
  #links = 0
  #bytes = 0

  constructor(origin: string, wanted: MemberFilter, limits: Limits) {
    this.#origin = origin
    this.#wanted = wanted
    this.#limits = limits
  }

  get documents(): CapturedDocument[] {
    return [...this.#documents.values()]
  }

  get diagnostics(): readonly Diagnostic[] {
    if (this.#links === 0) return this.#diagnostics
    return [...this.#diagnostics, this.#note('info', `${this.#links} links in the archive were not followed.`, '')]
  }

  /** @returns the name under which the member is kept; null: it is left out */
  admit({path, size, kind}: MemberHeader): string | null {
    if (++this.#members > this.#limits.members) throw this.#tooMuch(`${this.#limits.members} members`)
    if (kind === 'folder') return null
    const name = innerPath(path)
    if (name === null) {
      this.#diagnostics.push(this.#note('warning', `"${path}" leads out of the archive: left out.`, path))
      return null
    }
    if (!this.#wanted(name, size)) return null
    if (kind === 'link') this.#links++
    if (kind === 'other') this.#diagnostics.push(this.#note('warning', 'A device or pipe, not a file: left out.', name))
    if (kind !== 'file') return null
    this.#bytes += size
    if (this.#bytes > this.#limits.totalBytes) throw this.#tooMuch(`${this.#limits.totalBytes >> 20} MiB of documents`)
    if (this.#documents.size === this.#limits.documents) throw this.#tooMuch(`${this.#limits.documents} documents`)
    return name
  }

  /** A name that stands twice means its last content, as it does for `tar -x`. */
  keep(name: string, bytes: Uint8Array, cut: boolean): void {
    this.#documents.set(name, {...plainDocument(name, bytes), cut})
    if (cut)
      this.#diagnostics.push(this.#note('warning', 'The archive ends within this member: its end is missing.', name))
  }

  /** The archive ends or is damaged: what came before is kept. */
  cutShort(reason: string): void {
    const text = `The archive cannot be read to its end (${reason}): ${this.#documents.size} documents were found until there, others may be missing.`
    this.#diagnostics.push({code: 'TRUNCATED', severity: 'warning', text, source: {document: this.#origin, line: 1}})
  }

  #note(severity: 'info' | 'warning', text: string, document: string): Diagnostic {
    return {code: 'ARCHIVE_MEMBER', severity, text, source: document === '' ? null : {document, line: 1}}
  }

  #tooMuch(what: string): InputError {
    return new InputError(
      `${this.#origin} holds more than ${what}: no capture of one node does. Nothing of it is used.`,
    )
  }
}

/** `./networking/iprule.txt` → `networking/iprule.txt`; null for what lies outside: absolute paths, drives, `..`. */
function innerPath(path: string): string | null {
  const parts = path
    .replaceAll('\\', '/')
    .split('/')
    .filter(part => part !== '.' && part !== '')
  if (
    path.startsWith('/') ||
    /^[A-Za-z]:/.test(path) ||
    parts.includes('..') ||
    parts.length === 0 ||
    path.includes('\0')
  )
    return null
  return parts.join('/')
}
