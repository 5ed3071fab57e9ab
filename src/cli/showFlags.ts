import {Flags} from '@oclif/core'
import {CaptureLacks} from './captureLacks.js'
import {unknownName} from './unknownName.js'

export const familyFlag = Flags.string({summary: 'only this address family', options: ['4', '6'], helpGroup: 'FILTER'})

/** Keeps the rows of a family, and those of both. @param family `4`, `6`, or undefined for both */
export function ofFamily<Row extends {readonly family: 4 | 6 | null}>(
  rows: readonly Row[],
  family: string | undefined,
): Row[] {
  return rows.filter(row => family === undefined || row.family === null || row.family === Number(family))
}

/** Keeps the rows of a table. @throws UsageError where there is none of that name */
export function ofTable<Row extends {readonly table: string}>(rows: readonly Row[], table: string | undefined): Row[] {
  if (table === undefined) return [...rows]
  const kept = rows.filter(row => row.table === table)
  if (kept.length > 0) return kept
  throw unknownName(
    '--table',
    'table',
    table,
    rows.map(row => row.table),
  )
}

/**
 * What the capture must hold for this answer: an empty table would say that there is nothing on the node.
 * @throws CaptureLacks
 */
export function required<T>(value: T | null, command: string): T {
  if (value === null) throw new CaptureLacks(command)
  return value
}
