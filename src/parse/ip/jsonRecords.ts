import type {SourceText} from '../../model/index.js'
import type {Notes} from './notes.js'

export type JsonObject = Readonly<Record<string, unknown>>

/** One element of the array that `ip -j` prints. */
export interface JsonRecord {
  readonly value: JsonObject
  /** Where the object begins. */
  readonly line: number
  /** Its very text; of one that spans lines (-p), with blanks run together. */
  readonly text: string
}

/** True where a document is output of `ip -j` rather than text. `[sudo] password …` is not. */
export function isJson(source: SourceText): boolean {
  return /^\s*(\[\s*(\{|\]|$)|\{)/.test(source.text)
}

/**
 * The objects of one or several JSON arrays, each parsed on its own, so that a broken or cut one does not take the others with it.
 * Empty objects are left out: `ip -j addr show …` prints one for each interface it filters away.
 */
export function readJsonRecords(source: SourceText, notes: Notes): JsonRecord[] {
  const records: JsonRecord[] = []
  for (const {start, end, line} of topLevelObjects(source, notes)) {
    const raw = source.text.slice(start, end)
    const value = parseObject(withoutFlatEncap(raw))
    if (value === null) notes.add('BAD_JSON', 'error', 'An object that is not JSON.', line)
    else if (Object.keys(value).length > 0)
      records.push({value, line, text: raw.includes('\n') ? raw.replace(/\s+/g, ' ') : raw})
  }
  return records
}

function* topLevelObjects(source: SourceText, notes: Notes): Generator<{start: number; end: number; line: number}> {
  const {text} = source
  let line = source.firstLine ?? 1
  let depth = 0
  let inString = false
  let start = 0
  let startLine = line
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (c === '\n') line++
    if (inString) {
      if (c === '\\') i++
      else if (c === '"') inString = false
    } else if (c === '"') inString = depth > 0
    else if (c === '{') {
      if (depth++ === 0) {
        start = i
        startLine = line
      }
    } else if (c === '}' && depth > 0 && --depth === 0) yield {start, end: i + 1, line: startLine}
    else if (depth === 0 && c !== undefined && !'[], \t\r\n'.includes(c)) {
      notes.addOnce('not json', 'UNPARSED_LINE', 'warning', 'Text between the objects of a JSON array.', line)
    }
  }
  if (depth > 0)
    notes.add(
      'TRUNCATED',
      'error',
      'The JSON ends within an object: it and those that would follow are unknown.',
      startLine,
    )
}

function parseObject(text: string): JsonObject | null {
  try {
    return JSON.parse(text) as JsonObject
  } catch {
    return null
  }
}

/**
 * Before iproute2 6.0, `encap` is a word whose parameters stand among those of the route: a second "dst" would replace the destination.
 * They become an object, as later versions print it.
 */
function withoutFlatEncap(raw: string): string {
  return raw.replace(
    /"encap":\s*("[^"]*"),(.*?),?\s*(?="(?:gateway|via|dev)":)/s,
    (_, type: string, parameters: string) =>
      `"encap":{"encap_type":${type}${parameters === '' ? '' : `,${parameters}`}},`,
  )
}

export function asString(value: unknown): string | null {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null
}

export function asNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

export function asObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
