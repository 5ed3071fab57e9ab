import {EQUAL_PRIORITY} from '../../model/index.js'
import type {Equals} from '../netfilter/hookParts.js'
import type {HookedChain} from '../netfilter/netfilter.js'
import type {Walk} from './walk.js'

/**
 * Base chains of one priority: the one registered later runs first (nf_hook_entries_grow). Between tables and back ends no listing tells which
 * that was, and every order is walked. A table lists its own chains in the order of their creation.
 */
export function inOrder(walk: Walk, equals: Equals): Equals {
  if (equals.length === 1) return equals
  const result: HookedChain[] = []
  let left = equals
  while (left.length > 0) {
    const candidates = firstOf(left)
    const place = result.length === 0 ? '' : ` ${result.length}`
    const texts = candidates.map(
      chain => `${nameOf(chain)} runs ${result.length === 0 ? 'first' : 'next'} (${EQUAL_PRIORITY})`,
    )
    const first = candidates[walk.pick(`${orderKey(equals)}${place}`, texts)] as HookedChain
    result.push(first)
    left = left.filter(chain => chain !== first)
  }
  return result
}

/** Those that may run first: of each table the last one that it lists. */
function firstOf(equals: Equals): Equals {
  return equals.filter((chain, i) => !equals.slice(i + 1).some(later => ofOneTable(chain, later)))
}

/** Is there but one order? */
export function isListedOrder(equals: Equals): boolean {
  const [first] = equals
  return first !== undefined && equals.every(chain => chain === first || ofOneTable(first, chain))
}

/** Under which a walk keeps what it decided of their order. */
export function orderKey(equals: Equals): string {
  const {hook, priority} = equals[0] as HookedChain
  return `order ${hook} ${priority}`
}

/** Then a listing tells which of the two was made first. */
export function ofOneTable(a: object, b: object): boolean {
  return 'nftTable' in a && 'nftTable' in b && a.nftTable === b.nftTable
}

export function nameOf(chain: HookedChain): string {
  if ('ipvs' in chain) return `the function ${chain.name} of IPVS`
  if ('nftChain' in chain) return `the chain ${chain.nftChain.name} of table ${chain.nftTable.family} ${chain.table}`
  return `the ${chain.table} ${chain.hook} chain of ${chain.backend}`
}
