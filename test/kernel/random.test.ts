import {tryNode} from './compare/tryNode.js'
import {describeKernel} from './lab/describeKernel.js'
import type {LabBackend} from './lab/nodeSpec.js'
import {KINDS} from './random/kinds.js'

/** Of nftables fewer: chance has its say in most of them, and each of those is tried sixteen times. */
const flowsOf = (kind: string): number => (kind.startsWith('nft') ? 40 : 60)
/** Fixed ones, of each kind and for each backend. */
const ciSeeds = (kind: string): number => (kind.startsWith('nft') ? 7 : 25)

/** `EKSPATH_KERNEL_SEEDS` is a seed or a range of them (`7`, `100-149`), `EKSPATH_KERNEL_KIND` one of the kinds: see run.mjs. */
const {EKSPATH_KERNEL_SEEDS: asked, EKSPATH_KERNEL_KIND: onlyKind} = process.env

/** Native tables stand beside iptables-nft, not beside an empty one of the legacy backend. */
function backendsOf(kind: string): readonly LabBackend[] {
  return kind.startsWith('nft') ? ['nft'] : ['nft', 'legacy']
}

function seedsOf(kind: string): readonly number[] {
  const [first = 1, last = first] = (asked ?? `1-${ciSeeds(kind)}`).split('-').map(Number)
  return Array.from({length: last - first + 1}, (_, i) => first + i)
}

const runs = Object.entries(KINDS)
  .filter(([kind]) => onlyKind === undefined || kind === onlyKind)
  .flatMap(([kind, make]) =>
    seedsOf(kind).flatMap(seed => backendsOf(kind).map(backend => ({kind, make, seed, backend}))),
  )

describeKernel('random nodes', agent => {
  it.each(runs)('$kind --seed $seed ($backend)', async ({kind, make, seed, backend}) => {
    const {spec: node, flows} = make(seed, flowsOf(kind))
    const trials = flows.map(flow => ({flow, expect: null}))
    const fact = 'a node without any plan'
    await tryNode(agent(), {name: `${kind}-${seed}`, fact, node, backend, trials, handMade: false})
  })
})
