import type {FoldedExplanation} from './foldOutcomes.js'
import type {Verdict} from './verdict.js'

/** That it is open in which order some chains run, and of no consequence. Null: no such order is. */
export function describeOrders({orders = []}: FoldedExplanation): Verdict | null {
  if (orders.length === 0) return null
  const alternatives = [...new Set(orders.flatMap(order => order.split(', or if ')))]
  const names = alternatives.flatMap(text => RUNS.exec(text)?.[1] ?? [])
  const others = alternatives.filter(text => !RUNS.test(text))
  const facts = [
    ...(names.length === 0 ? [] : [`equal priority, of which no listing shows the order: ${listed(names)}`]),
    ...(others.length === 0 ? [] : [`no listing shows whether ${others.join(', or ')}`]),
    'in every order it meets the same rules and ends alike',
  ]
  return {word: 'ORDER', tone: 'pass', facts: facts.map(fact => [fact]), proof: null}
}

const RUNS = /^(.*) runs (?:first|next)$/

function listed(names: readonly string[]): string {
  const unique = [...new Set(names)]
  return unique.length === 1 ? unique.join() : `${unique.slice(0, -1).join(', ')} and ${unique.at(-1) as string}`
}
