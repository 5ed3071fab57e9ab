import {rangesOf} from './rangesOf.js'
import type {Phase} from './phase.js'

/** A way through the node: an outcome, or an outcome of one of two protocols. `label` is how it is told apart: `A`, `udp`, `B tcp`. */
export interface Variant {
  readonly label: string
  readonly phases: readonly Phase[]
}

/** One phase of all variants. Variants that went the same way in it share a group; those that have no such phase are in none. */
export interface MergedPhase {
  readonly title: string
  /** `label`: those of its variants, `A–D, F`. */
  readonly groups: readonly {readonly label: string; readonly phase: Phase}[]
  /** Every variant has this phase, and alike. */
  readonly common: boolean
}

interface Row {
  readonly key: string
  /** By the variant's number. */
  readonly phases: Map<number, Phase>
}

/** Lays the phases of all variants side by side, so that what they share is told once. Order is kept. */
export function mergePhases(variants: readonly Variant[]): MergedPhase[] {
  const labels = variants.map(({label}) => label)
  let rows: Row[] = []
  for (const [number, {phases}] of variants.entries()) rows = align(rows, number, phases)
  return rows.map(({phases}) => {
    const groups = groupAlike(phases)
    return {
      title: groups[0]?.phase.title ?? '',
      groups: groups.map(({members, phase}) => ({label: rangesOf(members, labels), phase})),
      common: groups.length === 1 && phases.size === variants.length,
    }
  })
}

function groupAlike(phases: ReadonlyMap<number, Phase>): {members: number[]; phase: Phase}[] {
  const groups = new Map<string, {members: number[]; phase: Phase}>()
  for (const [number, phase] of phases) {
    const key = JSON.stringify(phase.steps)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, {members: [number], phase})
    else group.members.push(number)
  }
  return [...groups.values()]
}

/** Puts a variant's phases into the rows with the same stage (longest common subsequence), and into new rows where there is none. */
function align(rows: readonly Row[], number: number, phases: readonly Phase[]): Row[] {
  // lengths[i][j]: longest common subsequence of rows from i and phases from j
  const lengths = Array.from({length: rows.length + 1}, () => new Array<number>(phases.length + 1).fill(0))
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0
  for (let i = rows.length - 1; i >= 0; i--) {
    for (let j = phases.length - 1; j >= 0; j--) {
      const same = rows[i]?.key === phases[j]?.key
      ;(lengths[i] as number[])[j] = same ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const merged: Row[] = []
  let i = 0
  let j = 0
  while (i < rows.length || j < phases.length) {
    const row = rows[i]
    const phase = phases[j]
    if (row !== undefined && phase !== undefined && row.key === phase.key) {
      row.phases.set(number, phase)
      merged.push(row)
      i++
      j++
    } else if (row !== undefined && (phase === undefined || at(i + 1, j) >= at(i, j + 1))) {
      merged.push(row)
      i++
    } else if (phase !== undefined) {
      merged.push({key: phase.key, phases: new Map([[number, phase]])})
      j++
    }
  }
  return merged
}
