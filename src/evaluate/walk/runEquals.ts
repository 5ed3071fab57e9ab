import type {JsonStep} from '../../model/index.js'
import type {Equals} from '../netfilter/hookParts.js'
import type {HookedChain} from '../netfilter/netfilter.js'
import {inOrder, isListedOrder, nameOf, orderKey, withInFront} from './inOrder.js'
import {leavesAlone} from './leavesAlone.js'
import type {BaseVerdict, ChainRunner} from './runBase.js'
import {OrderMatters, type Walk} from './walk.js'

/**
 * Runs base chains of one priority, until one ends the hook. Where all of them but one leave the packet alone, as it was before that one and as it
 * is behind it, the order is of no consequence: one is walked, and the steps say so. Else every order is.
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

/** Those that do nothing go first: behind one that ends the hook nobody would see them. */
function runWithIdle(
  walk: Walk,
  equals: Equals,
  idle: ReadonlySet<HookedChain>,
  each: ChainRunner,
  ends: (verdict: BaseVerdict) => boolean,
): BaseVerdict | null {
  const open: JsonStep[] = []
  for (const base of withInFront(equals, idle)) {
    const before = walk.trail.steps.length
    const verdict = each(walk, base)
    if (idle.has(base)) {
      open.push(...leaveOpen(walk.trail.steps.slice(before), equals, base))
      continue
    }
    if (ends(verdict)) {
      for (const step of open) step.order = 'maybe'
      return verdict
    }
    if (![...idle].every(chain => leavesAlone(walk, chain))) throw new OrderMatters(orderKey(equals))
  }
  return null
}

/** Says of the steps of a chain that they may as well have come elsewhere; in words at the first. */
function leaveOpen(steps: JsonStep[], equals: Equals, base: HookedChain): JsonStep[] {
  for (const step of steps) step.order = 'either'
  const [first] = steps
  if (first === undefined) return steps
  const others = equals.filter(chain => chain !== base).map(nameOf)
  const words = `before or behind ${others.join(' and ')} (equal priority), which makes no difference`
  first.effect = first.effect === '' ? words : `${first.effect}; ${words}`
  return steps
}
