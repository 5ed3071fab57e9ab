import {EQUAL_PRIORITY, type NodeState} from '../../model/index.js'
import type {Family} from '../../net/index.js'
import type {NativeHook} from '../nft/nativeChains.js'
import {ofOneTable} from '../walk/inOrder.js'
import {effectivePriority, groupBy} from './hookParts.js'
import {type KernelFunction, routingDecision, trackingFunctions} from './kernelFunctions.js'
import {type HookedChain, Netfilter} from './netfilter.js'

/** A base chain, or another function of the kernel, in the order of its hook. */
export interface HookPlace {
  readonly family: Family
  readonly hook: NativeHook
  /** From 1; what shares a position runs in an order that no listing shows. Null: before or behind the hook. */
  readonly position: number | null
  /** Why it shares its position; null: it does not. */
  readonly open: string | null
  readonly chain: Hooked
  /** The line that tells that IPVS hooks in; null for chains, which have lines of their own. */
  readonly virtualServices: ReturnType<Netfilter['virtualServices']['evidence']>
}

type Hooked = HookedChain | KernelFunction

/** In the order in which a packet may meet them. */
const ALL: readonly NativeHook[] = ['INGRESS', 'PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING', 'EGRESS']

/** Everything that hooks in, of all back ends, as the walk runs it: chains that decide nothing too, but none whose place is not known. */
export function orderHooks(node: NodeState): HookPlace[] {
  const netfilter = new Netfilter(node)
  return ([4, 6] as const).flatMap(family =>
    ALL.flatMap(hook => {
      const chains = netfilter.everything(family, hook).filter(({priority}) => Number.isFinite(priority))
      // of a family without any rules there is nothing to show
      const around = (where: 'before' | 'behind'): Position[] => {
        const decision = chains.length === 0 ? null : routingDecision(hook, where)
        return decision === null ? [] : [{chain: decision, position: null, open: null}]
      }
      const tracking = chains.length === 0 ? [] : trackingFunctions(netfilter, family, hook)
      const inside = positions(netfilter, family, [...chains, ...tracking])
      const virtualServices = netfilter.virtualServices.evidence(family)
      return [...around('before'), ...inside, ...around('behind')].map(place => ({
        ...place,
        family,
        hook,
        virtualServices,
      }))
    }),
  )
}

type Position = Pick<HookPlace, 'position' | 'open' | 'chain'>

function positions(netfilter: Netfilter, family: Family, chains: readonly Hooked[]): Position[] {
  const result: Position[] = []
  for (const group of groupBy([...chains].sort(byEffect), placeOf)) {
    for (const part of besideNat(netfilter, family, group)) result.push(...place(part, result.length + 1))
  }
  return result
}

function placeOf(chain: Hooked): number {
  return 'kernel' in chain ? (chain.priority ?? 0) : effectivePriority(chain)
}

function priorityOf({priority}: Hooked): number {
  return priority ?? 0
}

/** Nat chains run as one, among themselves by their own priorities: others of that priority before or behind them all, where that is known. */
function besideNat(netfilter: Netfilter, family: Family, group: readonly Hooked[]): Hooked[][] {
  const nat = group.filter(isNat)
  const others = group.filter(chain => !isNat(chain))
  if (nat.length === 0 || others.length === 0) return groupBy(group, priorityOf)
  const natWas = (chain: Hooked): 'earlier' | 'later' | null =>
    'nftTable' in chain ? netfilter.natAgainst(family, chain) : null
  if (others.some(chain => natWas(chain) === null)) return [[...group]]
  const [ahead, behind] = (['earlier', 'later'] as const).map(when => others.filter(chain => natWas(chain) === when))
  return [ahead ?? [], ...groupBy(nat, priorityOf), behind ?? []].filter(part => part.length > 0)
}

/** A table lists its chains in the order of their creation: of equals the last made runs first. */
function place(equals: readonly Hooked[], position: number): Position[] {
  const [first] = equals
  const isListed = first !== undefined && equals.every(chain => ofOneTable(first, chain))
  const isKnown = equals.length === 1 || (isListed && new Set(equals.map(isNat)).size === 1)
  if (!isKnown) return equals.map(chain => ({chain, position, open: EQUAL_PRIORITY}))
  return [...equals].reverse().map((chain, i) => ({chain, position: position + i, open: null}))
}

function isNat({type}: Hooked): boolean {
  return type === 'nat'
}

function byEffect(a: Hooked, b: Hooked): number {
  return placeOf(a) - placeOf(b) || priorityOf(a) - priorityOf(b)
}
