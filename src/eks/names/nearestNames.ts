/**
 * Names that someone who wrote `word` may have meant, best first: those that begin with it, those that hold it, those few edits away.
 * Case does not count.
 */
export function nearestNames(word: string, names: Iterable<string>, most = 5): string[] {
  const wanted = word.toLowerCase()
  const limit = Math.max(2, Math.ceil(word.length / 3))
  const ranked: {name: string; rank: number}[] = []
  for (const name of new Set(names)) {
    const candidate = name.toLowerCase()
    if (candidate.startsWith(wanted)) ranked.push({name, rank: -2})
    else if (candidate.includes(wanted)) ranked.push({name, rank: -1})
    else if (Math.abs(candidate.length - wanted.length) <= limit) {
      const rank = distance(wanted, candidate, limit)
      if (rank <= limit) ranked.push({name, rank})
    }
  }
  return ranked
    .sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({name}) => name)
}

/** Levenshtein's, given up above `limit`. */
function distance(a: string, b: string, limit: number): number {
  let row = Array.from({length: b.length + 1}, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    if (Math.min(...next) > limit) return Infinity
    row = next
  }
  return row[b.length] ?? Infinity
}
