import type {Equals} from '../netfilter/hookParts.js'
import type {HookedChain} from '../netfilter/netfilter.js'
import {inOrder, isListedOrder, orderKey} from './inOrder.js'
import {leavesAlone} from './leavesAlone.js'
import type {BaseVerdict, ChainRunner} from './runBase.js'
import {OrderMatters, type Walk} from './walk.js'

/**
 * Runs base chains of one priority, until one ends the hook. Where all of them but one leave the packet alone, as it was before that one and as it
 * is behind it, the order is of no consequence and one is walked; else every order is.
 * @param each what the kernel does around each chain
 * @returns the verdict that ended it; null: none did
 */
export function runEquals(
  walk: Walk,
  equals: Equals,
  each: ChainRunner,
  ends: (verdict: BaseVerdict) => boolean,
): BaseVerdict | null {
  if (equals.length > 1 && !isListedOrder(equals) && !walk.ordered.has(orderKey(equals))) {
    const idle = equals.filter(chain => leavesAlone(walk, chain))
    if (idle.length >= equals.length - 1) return runWithIdle(walk, equals, new Set(idle), each, ends)
  }
  for (const base of inOrder(walk, equals)) {
    const verdict = each(walk, base)
    if (ends(verdict)) return verdict
  }
  return null
}

function runWithIdle(
  walk: Walk,
  equals: Equals,
  idle: ReadonlySet<HookedChain>,
  each: ChainRunner,
  ends: (verdict: BaseVerdict) => boolean,
): BaseVerdict | null {
  for (const base of equals) {
    // idle ones too: some ask what they tried
    const verdict = each(walk, base)
    if (ends(verdict)) return verdict
    if (!idle.has(base) && ![...idle].every(chain => leavesAlone(walk, chain))) throw new OrderMatters(orderKey(equals))
  }
  return null
}
