import {TABLE_DEFAULT, TABLE_LOCAL, TABLE_MAIN, type TableId} from '../../model/index.js'
import type {Notes} from './notes.js'

/** Names of FIB tables, from rt_tables(.d). */
export type TableNames = ReadonlyMap<string, number>

const BUILT_IN: TableNames = new Map([
  ['main', TABLE_MAIN],
  ['local', TABLE_LOCAL],
  ['default', TABLE_DEFAULT],
  // RT_TABLE_UNSPEC: old kernels list the IPv6 null route in it, which no rule looks up
  ['unspec', 0],
])

/** A number, or the name itself (with a diagnostic) where nothing explains it. */
export function tableOf(word: string, tables: TableNames | undefined, line: number, notes: Notes): TableId {
  if (/^\d{1,10}$/.test(word)) return Number(word)
  if (/^-\d{1,10}$/.test(word)) {
    noteSigned(line, notes)
    return Number(word) >>> 0
  }
  const number = tables?.get(word) ?? BUILT_IN.get(word)
  if (number !== undefined) return number
  notes.addOnce(
    `table ${word}`,
    'UNKNOWN_TABLE_NAME',
    'warning',
    `No rt_tables says which number the table "${word}" has.`,
    line,
  )
  return word
}

/** busybox prints unsigned 32-bit values with %d. */
export function noteSigned(line: number, notes: Notes): void {
  notes.addOnce('signed', 'LOSSY_TOOL', 'warning', 'A negative number: the sign of busybox ip or net-tools.', line)
}
