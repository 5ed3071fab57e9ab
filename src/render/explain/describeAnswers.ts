import type {JsonStep} from '../../model/index.js'
import type {AnswerWay, FoldedOutcome} from './foldAnswers.js'
import type {ExplanationGroup} from './groupExplanations.js'
import {formatSource} from './phase.js'
import {describeReply, type Verdict} from './verdict.js'

/** How the answer to an outcome comes back, and what differs between the ways of which that is true. */
export function describeAnswer(group: ExplanationGroup, index: number): Verdict | null {
  const [explanation] = group.explanations
  const outcome = explanation.outcomes[index]
  const reply = outcome === undefined ? null : describeReply(explanation, outcome)
  return reply && {...reply, facts: [...reply.facts, ...describeWays(group, index).map(line => [line])]}
}

function describeWays({explanations}: ExplanationGroup, index: number): string[] {
  const lines = explanations.flatMap(({flow, outcomes}) => {
    const ways = (outcomes[index] as FoldedOutcome | undefined)?.answers ?? []
    return ways.map(way => `${explanations.length === 1 ? '' : `${flow.proto}: `}${describeWay(way)}`)
  })
  return lines.length === 0 ? [] : ['the answer fares alike, whichever rules it meets:', ...lines]
}

function describeWay({conditions, steps}: AnswerWay): string {
  const rules = steps.map(describeStep).filter(text => text !== '')
  return `${conditions.join(', ')}: ${rules.length === 0 ? 'no rule of its own' : rules.join(', ')}`
}

/** `KUBE-NODEPORTS 1 ACCEPT (iptables-save.txt:53)` */
function describeStep({chain, rule, target, source}: JsonStep): string {
  const place = [chain, rule, target].filter(part => part !== null).join(' ')
  const cited = formatSource(source)
  return cited === null ? place : `${place} (${cited})`.trim()
}
