import type {SourceText} from '../../model/index.js'
import type {Json, JsonArray, JsonMember, JsonObject, JsonScalar} from './json.js'

export type ReadJson =
  {readonly value: Json; readonly rest: SourceText | null} | {readonly value: null; readonly fault: JsonFault}

export interface JsonFault {
  readonly line: number
  readonly text: string
}

/** Deeper nesting than any document of ipamd has: a limit for hostile input. */
const MAX_DEPTH = 64

/**
 * JSON (RFC 8259) with the line of every value. JSON.parse gives no positions and rounds 64-bit integers.
 * Text after a complete value is given as `rest`; anything else wrong gives no value at all, since half a list reads like a whole one.
 */
export function readJson(source: SourceText): ReadJson {
  const reader = new Reader(source)
  try {
    return {value: reader.readDocument(), rest: reader.rest(source.name)}
  } catch (error) {
    if (error instanceof JsonError) return {value: null, fault: {line: error.line, text: error.message}}
    throw error
  }
}

class JsonError extends Error {
  readonly line: number

  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}

class Reader {
  readonly #text: string
  #at = 0
  #line: number

  constructor(source: SourceText) {
    this.#text = source.text
    this.#line = source.firstLine ?? 1
  }

  readDocument(): Json {
    return this.#value(0)
  }

  rest(name: string): SourceText | null {
    this.#skipBlanks()
    return this.#at < this.#text.length ? {name, text: this.#text.slice(this.#at), firstLine: this.#line} : null
  }

  #value(depth: number): Json {
    if (depth > MAX_DEPTH) this.#fail(`Nested deeper than ${MAX_DEPTH} levels.`)
    this.#skipBlanks()
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(depth)
      case '[':
        return this.#array(depth)
      case '"':
        return {kind: 'string', line: this.#line, value: this.#string()}
      default:
        return this.#word()
    }
  }

  #object(depth: number): JsonObject {
    const {line} = this.#open()
    const members = new Map<string, JsonMember>()
    if (this.#closes('}')) return {kind: 'object', line, members}
    do {
      this.#skipBlanks()
      const start = this.#at
      const keyLine = this.#line
      const key = this.#string()
      this.#skipBlanks()
      this.#expect(':')
      this.#skipBlanks()
      const opening = this.#at + 1
      const value = this.#value(depth + 1)
      const end = value.kind === 'object' || value.kind === 'array' ? opening : this.#at
      members.set(key, {line: keyLine, text: this.#text.slice(start, end).replace(/\s*\n\s*/g, ' '), value})
    } while (this.#continues('}'))
    return {kind: 'object', line, members}
  }

  #array(depth: number): JsonArray {
    const {line} = this.#open()
    const items: Json[] = []
    if (this.#closes(']')) return {kind: 'array', line, items}
    do items.push(this.#value(depth + 1))
    while (this.#continues(']'))
    return {kind: 'array', line, items}
  }

  #string(): string {
    if (this.#text[this.#at] !== '"') this.#fail('Expected a string in double quotes.')
    let end = this.#at + 1
    for (; this.#text[end] !== '"'; end++) {
      const c = this.#text[end]
      if (c === undefined) this.#cut()
      if (c === '\n') this.#fail('A string does not end on its line.')
      if (c === '\\') end++
    }
    const quoted = this.#text.slice(this.#at, end + 1)
    this.#at = end + 1
    try {
      return JSON.parse(quoted) as string
    } catch {
      return this.#fail('A string with a bad escape or a control character.')
    }
  }

  #word(): JsonScalar {
    const word = /[^\s,:[\]{}"]*/y
    word.lastIndex = this.#at
    const text = word.exec(this.#text)?.[0] ?? ''
    const kind = scalarKind(text)
    if (kind === null) {
      if (this.#at + text.length >= this.#text.length) this.#cut()
      return this.#fail('Expected a JSON value.')
    }
    this.#at += text.length
    return {kind, line: this.#line, value: text}
  }

  #open(): {line: number} {
    this.#at++
    return {line: this.#line}
  }

  #closes(bracket: string): boolean {
    this.#skipBlanks()
    if (this.#text[this.#at] !== bracket) return false
    this.#at++
    return true
  }

  #continues(bracket: string): boolean {
    if (this.#closes(bracket)) return false
    this.#expect(',')
    return true
  }

  #expect(c: string): void {
    if (this.#text[this.#at] !== c) {
      if (this.#at >= this.#text.length) this.#cut()
      this.#fail(`Expected "${c}".`)
    }
    this.#at++
  }

  #skipBlanks(): void {
    for (; ; this.#at++) {
      const c = this.#text[this.#at]
      if (c === '\n') this.#line++
      else if (c !== ' ' && c !== '\t' && c !== '\r') return
    }
  }

  #cut(): never {
    return this.#fail('The JSON ends in the middle: the document was cut, and nothing of it is used.')
  }

  #fail(message: string): never {
    throw new JsonError(message, this.#line)
  }
}

function scalarKind(word: string): JsonScalar['kind'] | null {
  if (word === 'true' || word === 'false') return 'boolean'
  if (word === 'null') return 'null'
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(word) ? 'number' : null
}
