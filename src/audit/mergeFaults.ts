import type {Fault} from './check.js'

/** So many faults of one kind are told one by one; more are told together: a node with 700 pods has one screen too. */
const MOST = 3

/** Faults that one check found, put together where they are many: the first is told, the others are counted. */
export function mergeFaults(faults: readonly Fault[]): readonly Fault[] {
  const [first, ...others] = faults
  if (first === undefined || faults.length <= MOST) return faults
  return [
    {
      text: `${first.text} The same is found ${others.length} times more.`,
      evidence: faults.flatMap(({evidence}) => evidence),
      pods: [...new Set(faults.flatMap(({pods = []}) => pods))],
      services: [...new Set(faults.flatMap(({services = []}) => services))],
      flow: faults.find(({flow}) => flow != null)?.flow ?? null,
      repair: faults.flatMap(({repair}) => repair),
    },
  ]
}
