import type {IpSet, Parsed, SourceText} from '../../model/index.js'
import {DiagnosticList} from '../shared/diagnosticList.js'
import {isToolError} from '../shared/toolErrors.js'
import {readEntry} from './entry.js'
import {SetDraft} from './setDraft.js'

/**
 * Reads `ipset save`, `ipset list`, or both in one document (as eks-log-collector writes them: a set is then kept once).
 * A set whose members are not listed (`ipset list -t`) is left out: it is unknown, not empty.
 */
export function parseIpset(source: SourceText): Parsed<ReadonlyMap<string, IpSet>> {
  return new IpsetReader(source).read()
}

class IpsetReader {
  readonly #source: SourceText
  readonly #diagnostics: DiagnosticList
  readonly #sets = new Map<string, SetDraft>()
  /** Sets of the `save` part of the document, whose `add` lines follow. */
  readonly #saved = new Map<string, SetDraft>()
  #current: SetDraft | null = null
  #line = 0

  constructor(source: SourceText) {
    this.#source = source
    this.#diagnostics = new DiagnosticList(source.name)
  }

  read(): Parsed<ReadonlyMap<string, IpSet>> {
    const {text, firstLine = 1} = this.#source
    this.#line = firstLine
    for (let at = 0; at < text.length; this.#line++) {
      const newline = text.indexOf('\n', at)
      const end = newline < 0 ? text.length : newline
      this.#readLine(text.slice(at, end).trimEnd())
      at = end + 1
    }
    for (const [name, saved] of this.#saved) this.#reconcile(name, saved)
    for (const set of this.#sets.values()) this.#check(set)
    if (this.#sets.size === 0) this.#diagnostics.add('EMPTY_DOCUMENT', 'warning', 'No ipset is listed.', null)
    return {value: this.#sets, diagnostics: this.#diagnostics.all}
  }

  #readLine(text: string): void {
    const trimmed = text.trim()
    if (trimmed === '') this.#current = null
    else if (trimmed.startsWith('add ')) this.#readAdd(trimmed)
    else if (trimmed.startsWith('create ')) this.#readCreate(trimmed)
    else if (trimmed.startsWith('Name: ')) this.#openList(trimmed.slice('Name: '.length), text)
    else if (this.#current === null) this.#unparsed(trimmed)
    else if (this.#current.membersListed) this.#addEntry(this.#current, trimmed, text)
    else this.#readField(this.#current, trimmed)
  }

  #openList(name: string, text: string): void {
    this.#current = this.#draft(name, text)
    if (this.#sets.has(name)) this.#diagnostics.add('DUPLICATE', 'info', `The set ${name} is listed twice.`, this.#line)
    this.#sets.set(name, this.#current)
  }

  /** `Type: hash:net`, `Header: family inet …`, `Members:` and what does not matter. */
  #readField(set: SetDraft, text: string): void {
    const [field = '', ...words] = text.split(' ')
    if (field === 'Type:') this.#setType(set, words[0] ?? '')
    else if (field === 'Header:') set.setOptions(words)
    else if (field === 'Members:') set.membersListed = true
    else if (text.startsWith('Number of entries: ')) set.expected = Number(text.slice('Number of entries: '.length))
    else if (field !== 'Revision:' && field !== 'References:' && field !== 'Size') this.#unparsed(text)
  }

  #readCreate(text: string): void {
    const [, name = '', type = '', ...options] = text.split(' ')
    this.#current = null
    const set = this.#draft(name, text)
    set.membersListed = true
    this.#setType(set, type)
    set.setOptions(options)
    this.#saved.set(name, set)
  }

  #readAdd(text: string): void {
    const space = text.indexOf(' ', 'add '.length)
    const name = text.slice('add '.length, space < 0 ? undefined : space)
    const set = this.#saved.get(name)
    if (set === undefined || space < 0) return this.#unparsed(text)
    this.#addEntry(set, text.slice(space + 1), text)
  }

  #addEntry(set: SetDraft, element: string, text: string): void {
    const {parts, nomatch, timeout, unknown} = readEntry(element, set.format)
    set.entries.push({parts, nomatch, timeout, source: {document: this.#source.name, line: this.#line}, text})
    for (const part of parts) {
      if (part.kind === 'unknown')
        this.#note('BAD_VALUE', `${part.text} cannot be read as ${set.dimensions.join(',')}.`)
    }
    for (const word of unknown) this.#note('UNKNOWN_KEYWORD', `${word} is not known behind an entry.`)
  }

  #setType(set: SetDraft, type: string): void {
    if (!set.setType(type)) this.#note('UNKNOWN_KEYWORD', `The set type ${type} is not known.`)
  }

  /** A list and a save of one set, taken one after the other, must tell the same; the later one counts. */
  #reconcile(name: string, saved: SetDraft): void {
    const listed = this.#sets.get(name)
    if (listed?.membersListed === true && elements(listed) !== elements(saved)) {
      const text = `The set ${name} was listed and saved with different entries: it changed in between.`
      this.#diagnostics.add('CONTRADICTION', 'warning', text, saved.source.line)
    }
    this.#sets.set(name, saved)
  }

  #check(set: SetDraft): void {
    if (!set.membersListed) {
      this.#sets.delete(set.name)
      const text = `The entries of ${set.name} are not listed: they are unknown.`
      this.#diagnostics.add('TRUNCATED', 'warning', text, set.source.line)
    } else if (set.expected !== null && set.expected !== set.entries.length) {
      const text = `${set.name} should have ${set.expected} entries, but ${set.entries.length} are listed.`
      this.#diagnostics.add('TRUNCATED', 'error', text, set.source.line)
    }
  }

  #draft(name: string, text: string): SetDraft {
    return new SetDraft(name, {document: this.#source.name, line: this.#line}, text)
  }

  #unparsed(text: string): void {
    if (isToolError(text)) this.#diagnostics.add('TOOL_ERROR', 'error', `The tool failed: "${text}".`, this.#line)
    else this.#note('UNPARSED_LINE', `Not a line of ipset: "${text.slice(0, 200)}".`)
  }

  #note(code: 'BAD_VALUE' | 'UNKNOWN_KEYWORD' | 'UNPARSED_LINE', text: string): void {
    this.#diagnostics.add(code, 'warning', text, this.#line)
  }
}

/** The elements without what changes by itself: counters, timeouts. */
function elements(set: IpSet): string {
  return set.entries
    .map(({parts, nomatch}) =>
      JSON.stringify([parts, nomatch], (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    )
    .sort()
    .join('\n')
}
