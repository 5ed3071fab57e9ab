/** Fewer neighbours than this are listed one by one. */
const SHORTEST_RANGE = 3

/**
 * The labels of some of a list, runs of neighbours as ranges: `A–D, F`.
 * @param members numbers in the list, ascending, from 0
 */
export function rangesOf(members: readonly number[], labels: readonly string[]): string {
  const parts: string[] = []
  for (let start = 0; start < members.length;) {
    let end = start
    while (members[end + 1] === (members[end] ?? NaN) + 1) end++
    const run = members.slice(start, end + 1).map(number => labels[number] ?? '')
    parts.push(...(run.length < SHORTEST_RANGE ? run : [`${run[0] ?? ''}–${run.at(-1) ?? ''}`]))
    start = end + 1
  }
  return parts.join(', ')
}
