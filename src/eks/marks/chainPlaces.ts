import type {Hook} from '../../model/index.js'

/** A packet's way: what comes in is routed behind PREROUTING; what the node sends begins with OUTPUT. */
export const WAY: readonly (Hook | 'routing')[] = ['PREROUTING', 'routing', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']

/** Where packets meet the rules of a chain. */
export interface ChainPlace {
  /** All that lead to it, in the order of a packet's way. */
  readonly hooks: readonly (Hook | 'routing')[]
  /** Compared number by number, the first hook, the priority there, and when a walk enters the chain. */
  readonly order: readonly number[]
}

export interface BasePlace {
  readonly chain: string
  readonly hook: Hook
  readonly priority: number
}

/** Every chain by the hooks that lead to it; those that nothing leads to are left out. @param targets of the jumps of a chain, in order */
export function placeChains(
  bases: readonly BasePlace[],
  targets: (chain: string) => readonly string[],
): Map<string, ChainPlace> {
  const places = new Map<string, ChainPlace>()
  const known = new Map<string, readonly string[]>()
  const next = (chain: string): readonly string[] => {
    const chains = known.get(chain) ?? [...new Set(targets(chain))]
    known.set(chain, chains)
    return chains
  }
  const inOrder = [...bases].sort((a, b) => WAY.indexOf(a.hook) - WAY.indexOf(b.hook) || a.priority - b.priority)
  for (const {chain: base, hook, priority} of inOrder) {
    for (const [i, chain] of walk(base, next).entries()) {
      const before = places.get(chain)
      if (before === undefined) places.set(chain, {hooks: [hook], order: [WAY.indexOf(hook), priority, i]})
      else if (!before.hooks.includes(hook)) places.set(chain, {...before, hooks: [...before.hooks, hook]})
    }
  }
  return places
}

/** Depth first; each chain once. */
function walk(base: string, next: (chain: string) => readonly string[]): string[] {
  const seen = new Set<string>()
  const left = [base]
  for (let chain = left.pop(); chain !== undefined; chain = left.pop()) {
    if (seen.has(chain)) continue
    seen.add(chain)
    left.push(...next(chain).toReversed())
  }
  return [...seen]
}
