import type {MergedPhase} from './mergePhases.js'

/** One phase of two walks; null: a walk that has no such phase. */
export interface PhasePair {
  readonly title: string
  readonly before: MergedPhase | null
  readonly after: MergedPhase | null
  readonly same: boolean
}

/** Lays two walks side by side, by the stages they have in common. Order is kept. */
export function pairPhases(before: readonly MergedPhase[], after: readonly MergedPhase[]): PhasePair[] {
  // lengths[i][j]: longest common subsequence of before from i and after from j
  const lengths = Array.from({length: before.length + 1}, () => new Array<number>(after.length + 1).fill(0))
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const same = keyOf(before[i]) === keyOf(after[j])
      ;(lengths[i] as number[])[j] = same ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const pairs: PhasePair[] = []
  let i = 0
  let j = 0
  while (i < before.length || j < after.length) {
    const own = before[i] ?? null
    const other = after[j] ?? null
    if (own !== null && other !== null && keyOf(own) === keyOf(other)) {
      pairs.push(makePair(own, other))
      i++
      j++
    } else if (own !== null && (other === null || at(i + 1, j) >= at(i, j + 1))) {
      pairs.push(makePair(own, null))
      i++
    } else {
      pairs.push(makePair(null, other))
      j++
    }
  }
  return pairs
}

function keyOf(row: MergedPhase | undefined): string {
  return row?.groups[0]?.phase.key ?? ''
}

function makePair(before: MergedPhase | null, after: MergedPhase | null): PhasePair {
  const same = before !== null && after !== null && textOf(before) === textOf(after)
  return {title: (before ?? after)?.title ?? '', before, after, same}
}

/** All that is told of a phase but the numbers of rules, which an edit before them moves. */
function textOf({groups, common}: MergedPhase): string {
  const told = groups.map(({label, phase}) => [common ? '' : label, phase.steps.map(step => ({...step, rule: null}))])
  return JSON.stringify(told)
}
