import {FOR_THE_ANSWER, type JsonOutcome, type JsonStep} from '../../model/index.js'
import {type FoldedExplanation, foldOutcomes} from './foldOutcomes.js'
import {isMiss} from './phase.js'

/** A way in which the answer comes back. */
export interface AnswerWay {
  /** What holds of the answer then, in words. */
  readonly conditions: readonly string[]
  /** What of its way the others do not have. */
  readonly steps: readonly JsonStep[]
}

/** Outcomes that are one but for the rules that the answer meets. */
export interface FoldedOutcome extends JsonOutcome {
  answers?: readonly AnswerWay[]
}

/**
 * An explanation in which outcomes are one that fare alike, request and answer, and differ only in conditions of the answer. Those of the same
 * request are put together all or none, so that no condition is left out that decides about the answer.
 */
export function foldAnswers(explanation: FoldedExplanation): FoldedExplanation {
  return foldOutcomes(explanation, requestOf, alike => (isOneAnswer(alike) ? foldAll(alike) : null))
}

function isOfAnswer(condition: string): boolean {
  return condition.startsWith(FOR_THE_ANSWER)
}

function requestOf({conditions, reply: _, probability: __, ...request}: JsonOutcome): string {
  return JSON.stringify([conditions.filter(each => !isOfAnswer(each)), request])
}

/** Do they fare alike, each under conditions of its own? */
function isOneAnswer(outcomes: readonly JsonOutcome[]): boolean {
  const fates = new Set(outcomes.map(({probability, reply}) => JSON.stringify([probability, reply && fateOf(reply)])))
  const conditions = outcomes.map(outcome => outcome.conditions.filter(isOfAnswer))
  const own = new Set(conditions.map(each => JSON.stringify(each)))
  return fates.size === 1 && own.size === outcomes.length && conditions.every(({length}) => length > 0)
}

function fateOf({steps: _, conditions, ...fate}: JsonOutcome): unknown {
  return [conditions.filter(each => !isOfAnswer(each)), fate]
}

function foldAll(outcomes: readonly [JsonOutcome, ...JsonOutcome[]]): FoldedOutcome {
  const [first] = outcomes
  const general = (conditions: readonly string[]): string[] => conditions.filter(each => !isOfAnswer(each))
  const {reply} = first
  return {
    ...first,
    conditions: general(first.conditions),
    ...(reply == null ? {} : {reply: {...reply, conditions: general(reply.conditions)}}),
    answers: outcomes.map(outcome => wayOf(outcome, outcomes)),
  }
}

function wayOf(outcome: JsonOutcome, all: readonly JsonOutcome[]): AnswerWay {
  const stepsOf = ({reply}: JsonOutcome): readonly JsonStep[] => (reply?.steps ?? []).filter(step => !isMiss(step))
  const others = all.filter(other => other !== outcome).map(other => new Set(stepsOf(other).map(placeOf)))
  const own = stepsOf(outcome).filter(step => !others.every(places => places.has(placeOf(step))))
  const conditions = outcome.conditions.filter(isOfAnswer).map(each => each.slice(FOR_THE_ANSWER.length))
  return {conditions, steps: own}
}

function placeOf({stage, kind, target, source, text}: JsonStep): string {
  return JSON.stringify([stage, kind, target, source, text])
}
