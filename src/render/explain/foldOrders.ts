import {EQUAL_PRIORITY, FOR_THE_ANSWER, type JsonExplanation, type JsonOutcome} from '../../model/index.js'
import {type FoldedExplanation, foldOutcomes} from './foldOutcomes.js'

/**
 * An explanation in which outcomes are one that meet the same rules, in whichever order, and end alike, and differ only in which of several chains
 * of one priority ran first. Only where that is so in every order that was walked: an order that decides about anything stays a condition.
 */
export function foldOrders(explanation: JsonExplanation): FoldedExplanation {
  const walked = new Set(explanation.outcomes.map(ordersOf).filter(orders => orders !== NONE))
  if (walked.size < 2) return explanation
  const told = new Set<string>()
  const folded = foldOutcomes(explanation, endOf, alike => {
    // each order once: what ends alike without one, or twice under one, is another case
    if (alike.length !== walked.size || !sameMembers(new Set(alike.map(ordersOf)), walked)) return null
    for (const {conditions} of alike) for (const condition of conditions.filter(isOrder)) told.add(wordsOf(condition))
    return withoutOrders(alike[0])
  })
  return told.size === 0 ? explanation : {...folded, orders: [...told]}
}

function sameMembers(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  return some.size === all.size && [...some].every(each => all.has(each))
}

const NONE = JSON.stringify([])

function isOrder(condition: string): boolean {
  return condition.endsWith(`(${EQUAL_PRIORITY})`)
}

function ordersOf({conditions}: JsonOutcome): string {
  return JSON.stringify(conditions.filter(isOrder))
}

/** How it ends and by which rules, whatever their order. */
function endOf(outcome: JsonOutcome): string {
  const {steps = [], reply, ...rest} = withoutOrders(outcome)
  return JSON.stringify([rest, steps.map(step => JSON.stringify(step)).sort(), reply == null ? reply : endOf(reply)])
}

function withoutOrders(outcome: JsonOutcome): JsonOutcome {
  const {conditions, reply} = outcome
  return {
    ...outcome,
    conditions: conditions.filter(condition => !isOrder(condition)),
    ...(reply == null ? {} : {reply: withoutOrders(reply)}),
  }
}

/** `the nat POSTROUTING chain of iptables-nft runs first` */
function wordsOf(condition: string): string {
  const text = condition.startsWith(FOR_THE_ANSWER) ? condition.slice(FOR_THE_ANSWER.length) : condition
  return text.replaceAll(` (${EQUAL_PRIORITY})`, '').replace(/^if /, '')
}
