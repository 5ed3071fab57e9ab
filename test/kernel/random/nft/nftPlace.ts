import type {NftHook} from '../../../../src/model/index.js'
import type {KernelFlow} from '../../lab/nodeSpec.js'

/** Where a rule stands: its table's family, and from which hooks a packet may have come there. */
export interface NftPlace {
  readonly family: 'ip' | 'ip6' | 'inet' | 'netdev'
  readonly type: 'filter' | 'nat' | 'route'
  readonly hooks: ReadonlySet<NftHook>
}

/** Is the chain reached from these hooks only? */
export function onlyIn({hooks}: NftPlace, ...allowed: readonly NftHook[]): boolean {
  return [...hooks].every(hook => allowed.includes(hook))
}

/** At a device, where there are no connections, no routes and no sockets. */
export function isAtDevice({hooks}: NftPlace): boolean {
  return hooks.has('ingress') || hooks.has('egress')
}

/** A part of a rule, and what a flow needs so that it holds. */
export interface Aimed {
  readonly text: string
  readonly aim: Aim
}

/** What is known of a flow that a rule is about. */
export type Aim = Partial<KernelFlow>

export function plain(text: string): Aimed {
  return {text, aim: {}}
}
