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
    const candidates = left.filter((chain, i) => !left.slice(i + 1).some(later => ofOneTable(chain, later)))
    const place = result.length === 0 ? '' : ` ${result.length}`
    const texts = candidates.map(chain => `${nameOf(chain)} runs ${result.length === 0 ? 'first' : 'next'} (${EQUAL})`)
    const {hook, priority} = equals[0] as HookedChain
    const first = candidates[walk.pick(`order ${hook} ${priority}${place}`, texts)] as HookedChain
    result.push(first)
    left = left.filter(chain => chain !== first)
  }
  return result
}

/** Why an order is open, in the words of a condition. */
export const EQUAL = 'equal priority: the one registered later, which no listing shows'

/** Then a listing tells which of the two was made first. */
export function ofOneTable(a: HookedChain, b: HookedChain): boolean {
  return 'nftTable' in a && 'nftTable' in b && a.nftTable === b.nftTable
}

export function nameOf(chain: HookedChain): string {
  if ('ipvs' in chain) return `the function ${chain.name} of IPVS`
  if ('nftChain' in chain) return `the chain ${chain.nftChain.name} of table ${chain.nftTable.family} ${chain.table}`
  return `the ${chain.table} ${chain.hook} chain of ${chain.backend}`
}
