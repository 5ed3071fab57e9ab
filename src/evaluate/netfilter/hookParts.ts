import type {Hook} from '../../model/index.js'
import type {HookedChain} from './netfilter.js'

/** Chains of one priority: more than one where several tables or back ends hook in at the same place. */
export type Equals = readonly HookedChain[]

/** The base chains of a hook in the order in which they run, in the parts that connection tracking and NAT divide them into. */
export interface HookParts {
  /** Before conntrack: here no packet has a connection. Empty in hooks behind which conntrack does not stand. */
  readonly beforeTracking: readonly Equals[]
  readonly beforeNat: readonly Equals[]
  /** Of the very priority of conntrack: before it or behind it. */
  readonly withTracking: Equals
  /** Of the very priority of the nat chains: before them or behind them. */
  readonly withNat: Equals
  /** They see first packets only. All of a hook run as one; among themselves by their own priorities. */
  readonly nat: readonly Equals[]
  readonly afterNat: readonly Equals[]
}

/** NF_IP_PRI_CONNTRACK */
export const CONNTRACK = -200

/** Where the nat chains of a hook run (NF_IP_PRI_NAT_DST and _SRC); FORWARD has none. */
const NAT: Readonly<Record<Hook, number | null>> = {
  PREROUTING: -100,
  OUTPUT: -100,
  INPUT: 100,
  POSTROUTING: 100,
  FORWARD: null,
}

/** When a chain runs: nat chains all where nat hooks in, whatever their own priority says. */
export function effectivePriority({hook, type, priority}: HookedChain): number {
  return type === 'nat' && hook !== 'INGRESS' && hook !== 'EGRESS' ? (NAT[hook] ?? priority) : priority
}

/** @param chains by priority */
export function divideHook(hook: Hook, chains: readonly HookedChain[]): HookParts {
  const tracking = hook === 'PREROUTING' || hook === 'OUTPUT' ? CONNTRACK : null
  const nat = NAT[hook]
  const others = chains.filter(({type}) => type !== 'nat')
  const where = (holds: (priority: number) => boolean): readonly HookedChain[] =>
    others.filter(({priority}) => holds(priority))
  return {
    beforeTracking: groupEquals(where(at => tracking !== null && at < tracking)),
    withTracking: where(at => at === tracking),
    beforeNat: groupEquals(where(at => (tracking === null || at > tracking) && (nat === null || at < nat))),
    withNat: where(at => at === nat),
    nat: groupEquals(chains.filter(({type}) => type === 'nat')),
    afterNat: groupEquals(where(at => nat !== null && at > nat)),
  }
}

/** @param chains by priority */
export function groupEquals(chains: readonly HookedChain[]): HookedChain[][] {
  return groupBy(chains, ({priority}) => priority)
}

/** Neighbours of one key, which stand together. */
export function groupBy<T>(chains: readonly T[], key: (chain: T) => number): T[][] {
  const groups: T[][] = []
  for (const chain of chains) {
    const last = groups.at(-1)
    if (last?.[0] !== undefined && key(last[0]) === key(chain)) last.push(chain)
    else groups.push([chain])
  }
  return groups
}
