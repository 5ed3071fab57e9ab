import type {ExplainReport, JsonExplanation} from '../../model/index.js'
import {escapeText} from '../escapeText.js'
import {describeAnswer} from '../explain/describeAnswers.js'
import {describeOrders} from '../explain/describeOrders.js'
import type {ExplanationGroup} from '../explain/groupExplanations.js'
import {describeServices} from '../explain/describeServices.js'
import {describeProbability} from '../explain/probability.js'
import {describeSharedWay} from '../explain/sharedWay.js'
import {labelOf} from '../explain/variants.js'
import {describeOrigin, describeVerdict, type Verdict} from '../explain/verdict.js'
import {describeFlowDetails, formatTuple} from '../explain/words.js'
import {displayWidth} from './displayWidth.js'
import {renderEvidence} from './evidence.js'
import {renderField} from './fields.js'
import {blanks, LABEL, MARGIN, paint, type Page} from './layout.js'
import {wrapWords} from './wrap.js'

/** The verdict block: what becomes of the flow, its reply, and where it comes from. */
export function renderAnswer(page: Page, report: ExplainReport, group: ExplanationGroup): string[] {
  return [
    ...renderHeader(page, report, group),
    ...renderOutcomes(page, report, group),
    ...renderOrigin(page, group.explanations[0]),
  ]
}

export function renderOrigin(page: Page, {origin}: JsonExplanation): string[] {
  return renderField(page, 'FROM', [describeOrigin(origin)], page.style.strong)
}

/** What becomes of the flow, and of its reply. Begins with a blank line. */
export function renderOutcomes(page: Page, report: ExplainReport, group: ExplanationGroup): string[] {
  const [explanation] = group.explanations
  const {outcomes} = explanation
  const replies = outcomes.map((_, index) => describeAnswer(group, index))
  const alike = new Set(replies.map(reply => JSON.stringify(reply))).size === 1
  return [
    ...outcomes.flatMap((_, index) => [
      '',
      ...renderOutcome(page, report, group, index),
      ...(alike ? [] : renderVerdict(page, replies[index] ?? null, marginOf(outcomes.length))),
    ]),
    ...(outcomes.length > 1 ? [''] : []),
    ...renderVerdict(page, describeSharedWay(outcomes), MARGIN),
    ...renderVerdict(page, describeOrders(explanation), MARGIN),
    ...(alike ? renderVerdict(page, replies[0] ?? null, MARGIN) : []),
  ]
}

const marginOf = (count: number) => (count === 1 ? MARGIN : MARGIN + 3)

export function renderHeader({width, style}: Page, report: ExplainReport, group: ExplanationGroup): string[] {
  const {flow} = group.explanations[0]
  const title = [`${group.protocols.join(', ')} ${formatTuple(flow)}`, ...describeFlowDetails(flow)]
    .map(escapeText)
    .join(' · ')
  const node = describeNode(report)
  const gap = width - displayWidth(title) - displayWidth(node)
  if (gap >= 4) return [style.strong(title) + blanks(gap) + style.faint(node)]
  return [...wrapWords(title, width, 2).map(style.strong), ...wrapWords(node, width, 2).map(style.faint)]
}

/** `node 192.168.4.93 · captured 2018-11-19 20:27:10 · sample:net410` */
export function describeNode({node, capture}: Pick<ExplainReport, 'node' | 'capture'>): string {
  const name = node.name ?? node.primaryIp
  const time = node.capturedAt === null ? null : node.capturedAt.replace('T', ' ')
  const parts = [name === null ? null : `node ${name}`, time === null ? null : `captured ${time}`, capture.source]
  return parts
    .filter(part => part !== null)
    .map(escapeText)
    .join(' · ')
}

function renderOutcome(page: Page, report: ExplainReport, group: ExplanationGroup, index: number): string[] {
  const {flow, outcomes} = group.explanations[0]
  const outcome = outcomes[index]
  if (outcome === undefined) return []
  const label = labelOf(index, outcomes.length)
  const verdict = describeVerdict(flow, outcome, report.capture, describeServices(group, index))
  const odds = [describeProbability(outcome.probability), ...outcome.conditions].filter(part => part !== null)
  if (label === '') return [...renderVerdict(page, verdict, MARGIN), ...renderOdds(page, odds, MARGIN + LABEL)]
  const head = odds.flatMap(part => wrapWords(escapeText(part), page.width - MARGIN - 3, 2))
  const title = [
    blanks(MARGIN) + page.style.strong(label.padEnd(3)) + (head[0] ?? ''),
    ...head.slice(1).map(line => blanks(MARGIN + 3) + line),
  ].map(line => line.trimEnd())
  return [...title, ...renderVerdict(page, verdict, marginOf(2))]
}

function renderOdds({width}: Page, odds: readonly string[], left: number): string[] {
  return odds.flatMap(part => wrapWords(escapeText(part), width - left, 2).map(line => blanks(left) + line))
}

function renderVerdict(page: Page, verdict: Verdict | null, margin: number): string[] {
  if (verdict === null) return []
  const tone = paint(page.style, verdict.tone)
  const name = (text: string) => page.style.strong(tone(text))
  return [
    ...renderField(page, verdict.word, verdict.facts, name, margin),
    ...renderProof(page, verdict, margin + LABEL),
  ]
}

function renderProof(page: Page, {proof}: Verdict, left: number): string[] {
  if (proof === null) return []
  const effect = wrapWords(escapeText(proof.effect), page.width - left, 2)
  return [...effect.map(line => blanks(left) + line), ...renderEvidence(page, [proof], left)]
}
