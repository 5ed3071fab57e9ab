import type {Hook, TableName} from '../../../src/model/index.js'

/** Where a chain stands: the hooks that a packet in it may have come from decide what may be asked there. */
export interface ChainPlace {
  readonly table: TableName
  readonly hooks: ReadonlySet<Hook>
}

/** Is the chain reached from these hooks only? */
export function onlyIn({hooks}: ChainPlace, ...allowed: readonly Hook[]): boolean {
  return [...hooks].every(hook => allowed.includes(hook))
}
