import type {KernelFlow, NodeSpec} from '../lab/nodeSpec.js'

/** A flow, and in a few words what the kernel is known to do with it (`expectation.ts`). */
export interface Case {
  readonly flow: KernelFlow
  readonly expect: string
}

/** A tiny node that shows one fact of the kernel. */
export interface Scenario {
  /** Named after the fact. */
  readonly name: string
  /** The fact, in one sentence. */
  readonly fact: string
  readonly node: NodeSpec
  readonly cases: readonly Case[]
}
