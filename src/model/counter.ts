import type {Evidence} from './source.js'

/** Something that the kernel or a driver has counted since it started. */
export interface Counter extends Evidence {
  /** Whose: an interface (`ethtool -S`), or a processor (`conntrack -S`). */
  readonly owner: string
  /** `conntrack_allowance_exceeded`, `insert_failed` … */
  readonly name: string
  readonly value: bigint
}
