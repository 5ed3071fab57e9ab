import {tryNode} from './compare/tryNode.js'
import {describeKernel} from './lab/describeKernel.js'
import {KINDS} from './random/kinds.js'

const FLOWS = 60
/** Fixed ones, of each kind and for each backend. */
const CI_SEEDS = 25
/**
 * Disagreements that are known and not yet understood (docs/limitations.md): left out of the fixed seeds so that a new one shows. Ask for them by
 * --seed to see them.
 */
const OPEN: Readonly<Record<string, readonly number[]>> = {random6: [15, 17, 20]}

/** `EKSPATH_KERNEL_SEEDS` is a seed or a range of them (`7`, `100-149`), `EKSPATH_KERNEL_KIND` one of the kinds: see run.mjs. */
const {EKSPATH_KERNEL_SEEDS: asked, EKSPATH_KERNEL_KIND: onlyKind} = process.env
const [first = 1, last = first] = (asked ?? `1-${CI_SEEDS}`).split('-').map(Number)

const runs = Object.entries(KINDS)
  .filter(([kind]) => onlyKind === undefined || kind === onlyKind)
  .flatMap(([kind, make]) =>
    Array.from({length: last - first + 1}, (_, i) => first + i).flatMap(seed =>
      (asked === undefined && OPEN[kind]?.includes(seed) === true ? [] : (['nft', 'legacy'] as const)).map(backend => ({
        kind,
        make,
        seed,
        backend,
      })),
    ),
  )

describeKernel('random nodes', agent => {
  it.each(runs)('$kind --seed $seed ($backend)', async ({kind, make, seed, backend}) => {
    const {spec: node, flows} = make(seed, FLOWS)
    const trials = flows.map(flow => ({flow, expect: null}))
    const fact = 'a node without any plan'
    await tryNode(agent(), {name: `${kind}-${seed}`, fact, node, backend, trials, handMade: false})
  })
})
