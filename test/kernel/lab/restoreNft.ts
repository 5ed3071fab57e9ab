import type {Namespace, Refusal} from './namespace.js'

const MAXIMUM_ROUNDS = 40

/**
 * Loads `nft -f` input. A line that the tool or the kernel refuses is left out: random ones may ask for the impossible.
 * @returns the refused lines
 */
export function restoreNft(namespace: Namespace, input: string): Refusal[] {
  let lines = input.split('\n')
  const refused: Refusal[] = []
  for (let round = 0; round < MAXIMUM_ROUNDS; round++) {
    const error = attempt(namespace, lines)
    if (error === null) return refused
    // /dev/stdin:5:1-10: Error: …; a chain that is refused takes its rules along in the next round
    const bad = new Set(
      [...error.matchAll(/^(?:.*: )?\S+:(\d+):\d+(?:-\d+)?: Error/gm)].map(([, line]) => Number(line) - 1),
    )
    if (bad.size === 0) throw new Error(error)
    refused.push(...[...bad].map(index => ({line: lines[index] ?? '', error})))
    lines = lines.filter((_, i) => !bad.has(i))
  }
  throw new Error('nft: no end of refused lines')
}

function attempt(namespace: Namespace, lines: readonly string[]): string | null {
  try {
    namespace.run('nft', ['-f', '-'], lines.join('\n'))
    return null
  } catch (error) {
    return (error as Error).message
  }
}
