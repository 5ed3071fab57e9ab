import type {Parsed, SourceText} from '../../model/index.js'
import {parseUint32} from '../../net/index.js'
import {readLines, splitWords} from './lines.js'
import {Notes} from './notes.js'
import type {TableNames} from './tables.js'
import {noteUnread} from './unread.js'

/** /etc/iproute2/rt_tables and the files of rt_tables.d: `101 vlan-pods`, decimal or 0x; `#` begins a comment. */
export function parseRtTables(source: SourceText): Parsed<TableNames> {
  const notes = new Notes(source.name)
  const tables = new Map<string, number>()
  for (const line of readLines(source, notes)) {
    const [number, name, ...rest] = splitWords(line.text.replace(/#.*/, ''))
    if (number === undefined) continue
    const value = parseUint32(number)
    if (value !== null && name !== undefined && rest.length === 0) tables.set(name, value)
    else noteUnread(line, 'a "number name" of a routing table', notes)
  }
  return {value: tables, diagnostics: notes.diagnostics}
}
