import type {Phase} from './phase.js'

/** A way through the node: an outcome, or an outcome of one of two protocols. `label` is how it is told apart: `A`, `udp`, `B tcp`. */
export interface Variant {
  readonly label: string
  readonly phases: readonly Phase[]
}

/** One phase of all variants. Variants that went the same way in it share a group; those that have no such phase are in none. */
export interface MergedPhase {
  readonly title: string
  readonly groups: readonly {readonly labels: readonly string[]; readonly phase: Phase}[]
  /** Every variant has this phase, and alike. */
  readonly common: boolean
}

/** Lays the phases of all variants side by side, so that what they share is told once. Order is kept. */
export function mergePhases(variants: readonly Variant[]): MergedPhase[] {
  let rows: Map<string, Phase>[] = []
  for (const variant of variants) rows = align(rows, variant)
  return rows.map(row => {
    const groups: {labels: string[]; phase: Phase}[] = []
    for (const [label, phase] of row) {
      const group = groups.find(other => isSame(other.phase, phase))
      if (group === undefined) groups.push({labels: [label], phase})
      else group.labels.push(label)
    }
    return {
      title: (groups[0] as (typeof groups)[number]).phase.title,
      groups,
      common: groups.length === 1 && row.size === variants.length,
    }
  })
}

const keyOf = (row: ReadonlyMap<string, Phase>) => [...row.values()][0]?.key

/** Puts a variant's phases into the rows with the same stage (longest common subsequence), and into new rows where there is none. */
function align(rows: readonly Map<string, Phase>[], {label, phases}: Variant): Map<string, Phase>[] {
  const keys = rows.map(keyOf)
  // lengths[i][j]: longest common subsequence of keys from i and phases from j
  const lengths = Array.from({length: rows.length + 1}, () => new Array<number>(phases.length + 1).fill(0))
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0
  for (let i = rows.length - 1; i >= 0; i--) {
    for (let j = phases.length - 1; j >= 0; j--) {
      ;(lengths[i] as number[])[j] =
        keys[i] === phases[j]?.key ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const merged: Map<string, Phase>[] = []
  let i = 0
  let j = 0
  while (i < rows.length || j < phases.length) {
    const row = rows[i]
    const phase = phases[j]
    if (row !== undefined && phase !== undefined && keys[i] === phase.key) {
      merged.push(new Map([...row, [label, phase]]))
      i++
      j++
    } else if (phase === undefined || (row !== undefined && at(i + 1, j) >= at(i, j + 1))) {
      merged.push(row as Map<string, Phase>)
      i++
    } else {
      merged.push(new Map([[label, phase]]))
      j++
    }
  }
  return merged
}

function isSame(a: Phase, b: Phase): boolean {
  return a === b || JSON.stringify(a.steps) === JSON.stringify(b.steps)
}
