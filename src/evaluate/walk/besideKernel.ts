import {EQUAL_PRIORITY, type Hook} from '../../model/index.js'
import type {Equals, HookParts} from '../netfilter/hookParts.js'
import type {HookedChain} from '../netfilter/netfilter.js'
import {inOrder, nameOf} from './inOrder.js'
import type {Walk} from './walk.js'

/** Chains of the very priority at which the kernel itself does something, as they run before it and behind it. */
export interface BesideKernel {
  readonly ahead: readonly HookedChain[]
  readonly behind: readonly HookedChain[]
}

/** @param equals chains of the priority of connection tracking, which may have been registered before or after it */
export function besideTracking(walk: Walk, hook: Hook, equals: Equals): BesideKernel {
  if (equals.length === 0 || !walk.netfilter.tracks(walk.packet.family))
    return {ahead: [], behind: inOrder(walk, equals)}
  return divide(walk, hook, equals, 'connection tracking runs', () => true)
}

/** The nat chains of a hook are hooked in as one; a chain of their very priority runs before them or behind them. */
export function besideNat(walk: Walk, hook: Hook, {withNat, nat}: HookParts): BesideKernel {
  const {connection, ctInfo} = walk.packet
  const acts =
    connection !== null && ((ctInfo === 'new' && nat.length > 0) || connection.sourceNat || connection.destinationNat)
  if (withNat.length === 0 || !acts) return {ahead: [], behind: inOrder(walk, withNat)}
  return divide(walk, hook, withNat, 'the nat chains run', (order, place) => natFits(walk, order, place))
}

function divide(
  walk: Walk,
  hook: Hook,
  equals: Equals,
  kernel: string,
  fits: (order: Equals, place: number) => boolean,
): BesideKernel {
  const order = inOrder(walk, equals)
  const places = Array.from({length: order.length + 1}, (_, place) => place).filter(place => fits(order, place))
  const texts = places.map(place => {
    const where = place === 0 ? 'before' : 'behind'
    return `${kernel} ${where} ${nameOf(order[Math.max(0, place - 1)] as HookedChain)} (${EQUAL_PRIORITY})`
  })
  const place = places[walk.pick(`order ${hook} ${kernel}`, texts)] ?? 0
  return {ahead: order.slice(0, place), behind: order.slice(place)}
}

/** May the nat chains run behind so many of the chains? What is known of when they were registered decides. */
function natFits(walk: Walk, order: Equals, place: number): boolean {
  return order.every((chain, i) => {
    const registered = 'nftTable' in chain ? walk.netfilter.natAgainst(walk.packet.family, chain) : null
    return registered === null || (registered === 'earlier') === i < place
  })
}
