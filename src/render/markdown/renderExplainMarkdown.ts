import type {ExplainReport, JsonLine, JsonOutcome, JsonStep} from '../../model/index.js'
import {describeServices} from '../explain/describeServices.js'
import {describeAnswer} from '../explain/describeAnswers.js'
import {describeOrders} from '../explain/describeOrders.js'
import {foldCases} from '../explain/foldCases.js'
import {type ExplanationGroup, groupExplanations} from '../explain/groupExplanations.js'
import {groupAfter} from '../explain/groupAfter.js'
import {type MergedPhase, mergePhases} from '../explain/mergePhases.js'
import {pairPhases} from '../explain/pairPhases.js'
import {describeMiss, formatSource, isMiss, type Phase, tracePath} from '../explain/phase.js'
import {describeProbability} from '../explain/probability.js'
import {labelOf, variantsOf} from '../explain/variants.js'
import {describeSharedWay} from '../explain/sharedWay.js'
import {describeOrigin, describeVerdict, type Verdict} from '../explain/verdict.js'
import {describeTrial, whysOf} from '../explain/whysOf.js'
import {describeFlowDetails, formatTuple} from '../explain/words.js'
import {renderCapture} from './capture.js'
import {codeBlock, details, escapeMarkdown, inlineCode, table} from './escape.js'

/** An explanation for a ticket: the answer, a table of phases, the rest folded. The same report gives the same bytes. */
export function renderExplainMarkdown(report: ExplainReport): string {
  const groups = groupExplanations(report.explanations.map(foldCases))
  const render = report.whatIf === undefined ? renderGroup : renderWhatIf
  return `${[...groups.flatMap(group => render(report, group)), ...renderRemarks(report), ...renderCapture(report)].join('\n')}\n`
}

function renderTitle({explanations, protocols}: ExplanationGroup): string {
  const {flow} = explanations[0]
  const title = [`${protocols.join(', ')} ${formatTuple(flow)}`, ...describeFlowDetails(flow)].join(' · ')
  return `### ${escapeMarkdown(title)}`
}

function renderGroup(report: ExplainReport, group: ExplanationGroup): string[] {
  const way = mergePhases(variantsOf(group, outcome => outcome))
  const back = mergePhases(variantsOf(group, outcome => outcome.reply ?? null))
  return [
    renderTitle(group),
    '',
    ...renderAnswer(report, group),
    '',
    ...renderWhy(group),
    ...renderPhases(way),
    ...(way.length === 0 ? [] : ['', ...details('The lines that prove it', renderLines(way))]),
    ...(back.length === 0 ? [] : details('The way of the reply', [...renderPhases(back), '', ...renderLines(back)])),
  ]
}

/** Both answers, then the phases in which the walks differ. */
function renderWhatIf(report: ExplainReport, before: ExplanationGroup): string[] {
  const after = groupAfter(before)
  if (after === null) return []
  const edits = report.whatIf?.edits ?? []
  return [
    renderTitle(before),
    '',
    'What if (nothing is run: the node stays as it is):',
    '',
    ...edits.map(({source, text, effect}) => `${source.line}. ${inlineCode(text)} ${escapeMarkdown(effect)}`),
    '',
    '**Before**',
    '',
    ...renderAnswer(report, before),
    '',
    '**After**',
    '',
    ...renderAnswer(report, after),
    '',
    ...renderWhy(after),
    ...renderPairs('Phase', before, after, outcome => outcome),
    ...renderPairs('Phase of the reply', before, after, outcome => outcome.reply ?? null),
  ]
}

type Pick = (outcome: JsonOutcome) => JsonOutcome | null

function renderPairs(heading: string, before: ExplanationGroup, after: ExplanationGroup, pick: Pick): string[] {
  const [own, other] = [mergePhases(variantsOf(before, pick)), mergePhases(variantsOf(after, pick))]
  const rows = pairPhases(own, other).map((pair, index) => [
    String(index + 1),
    escapeMarkdown(pair.title),
    pair.same ? 'the same' : describeRow(pair.before),
    pair.same ? '' : describeRow(pair.after),
  ])
  if (rows.length === 0) return []
  return [
    ...table(['#', heading, 'Before', 'After'], rows),
    '',
    ...details('The lines before', renderLines(own)),
    ...details('The lines after', renderLines(other)),
  ]
}

function describeRow(row: MergedPhase | null): string {
  if (row === null) return '—'
  return row.groups
    .map(({label, phase}) => {
      const what = [phase.result, describePhase(phase)].filter(part => part !== '').join(' · ')
      const told = `${row.common || label === '' ? '' : `${label}: `}${what}`
      return [escapeMarkdown(told), decidingSource(phase)].filter(part => part !== '').join(' ')
    })
    .join('<br>')
}

function renderAnswer(report: ExplainReport, group: ExplanationGroup): string[] {
  const [explanation] = group.explanations
  const {flow, outcomes, origin} = explanation
  const lines = outcomes.flatMap((outcome, index) => {
    const label = labelOf(index, outcomes.length)
    const odds = [describeProbability(outcome.probability), ...outcome.conditions].filter(part => part !== null)
    const reply = describeAnswer(group, index)
    return [
      ...renderVerdict(describeVerdict(flow, outcome, report.capture, describeServices(group, index)), label, odds),
      ...(reply === null ? [] : renderVerdict(reply, label, [])),
    ]
  })
  for (const shared of [describeSharedWay(outcomes), describeOrders(explanation)])
    if (shared !== null) lines.push(...renderVerdict(shared, '', []))
  return [...lines, `- **FROM** ${describeOrigin(origin).map(escapeMarkdown).join(' · ')}`]
}

/** Why it does not go as on a healthy node. */
function renderWhy(group: ExplanationGroup): string[] {
  return whysOf(group).flatMap(({why, label}) => {
    const trial = describeTrial(why)
    const line = ({document, line: number, text}: JsonLine): string =>
      `${inlineCode(`${document}:${number}`)} ${inlineCode(text.trim().replace(/\s+/g, ' '))}`
    return [
      `**Why**${label === '' ? '' : ` (${escapeMarkdown(label)})`}: ${escapeMarkdown(why.symptom)}`,
      '',
      ...why.causes.flatMap(({stage, text, missing, found}) => [
        `- ${escapeMarkdown(stage.replace('/', ' '))}: ${escapeMarkdown(text)}`,
        ...missing.map(text => `  - missing: ${inlineCode(text)}`),
        ...(found === null ? [] : [`  - found: ${line(found)}`]),
      ]),
      ...(why.takenBy === null ? [] : [`- took it: ${line(why.takenBy)}`]),
      ...why.shadowed.map(each => `- shadowed: ${line(each)}`),
      ...why.nearest.map(each => `- near miss: ${line(each)}: ${escapeMarkdown(each.miss)}`),
      ...(why.advice === null ? [] : [`- look at: ${escapeMarkdown(why.advice)}`]),
      '',
      ...(why.repair.length === 0 ? [] : [...codeBlock(why.repair), '', trial ?? '', '']),
    ]
  })
}

function renderVerdict({word, facts, proof}: Verdict, label: string, odds: readonly string[]): string[] {
  const name = [label, word].filter(part => part !== '').join(' ')
  const said = [...odds, ...facts.flat()].map(escapeMarkdown).join(' · ')
  return [`- **${name}** ${said}`, ...(proof === null ? [] : [`  - ${renderProof(proof)}`])]
}

function renderProof({effect, text, source}: JsonStep): string {
  const at = formatSource(source)
  const parts = [escapeMarkdown(effect), at === null ? '' : inlineCode(at), text === '' ? '' : inlineCode(text.trim())]
  return parts.filter(part => part !== '').join(' · ')
}

function renderPhases(merged: readonly MergedPhase[]): string[] {
  if (merged.length === 0) return []
  const rows = merged.flatMap((row, index) =>
    row.groups.map(({label, phase}) => [
      String(index + 1),
      escapeMarkdown(phase.title) + (row.common ? '' : ` (${escapeMarkdown(label)})`),
      escapeMarkdown(phase.result),
      escapeMarkdown(describePhase(phase)),
      decidingSource(phase),
    ]),
  )
  return table(['#', 'Phase', 'Result', 'What', 'Evidence'], rows)
}

function describePhase(phase: Phase): string {
  const path = tracePath(phase.steps).map(run => run.join(' → '))
  return [...path, phase.effect].filter(part => part !== '').join(' · ')
}

function decidingSource({steps}: Phase): string {
  const source = formatSource(steps.findLast(step => step.source !== null && !isMiss(step))?.source ?? null)
  return source === null ? '' : inlineCode(source)
}

/** Every line once, in the order in which the packet met it. */
function renderLines(merged: readonly MergedPhase[]): string[] {
  const steps = merged.flatMap(row => row.groups.flatMap(({phase}) => phase.steps)).filter(step => step.text !== '')
  const lines = steps.map(step => {
    const at = formatSource(step.source)
    const miss = isMiss(step) ? `   [${describeMiss(step)}]` : ''
    return `${at === null ? '' : `${at}  `}${step.text.trim()}${miss}`
  })
  return codeBlock([...new Set(lines)])
}

function renderRemarks({assumptions, findings, diagnostics, capture}: ExplainReport): string[] {
  const item = (code: string, text: string, at: string | null) =>
    `- \`${code}\` ${escapeMarkdown(text)}${at === null ? '' : ` (${inlineCode(at)})`}`
  const assumed = assumptions.map(({code, text, source}) => item(code, text, formatSource(source ?? null)))
  const missing = capture.missing.map(command => `- ${inlineCode(command)}`)
  const care = diagnostics.map(({code, text, source}) => item(code, text, formatSource(source)))
  return [
    ...findings.map(({code, title, text, stages = []}) =>
      item(
        code,
        `${title}${stages.length === 0 ? '' : ` (${stages.map(stage => stage.replaceAll(/[/-]/g, ' ')).join(', ')})`}. ${text}`,
        null,
      ),
    ),
    ...(findings.length === 0 ? [] : ['']),
    ...(assumed.length === 0 ? [] : details(`Assumed (${assumed.length})`, assumed)),
    ...(missing.length === 0 ? [] : details(`Not in the capture (${missing.length})`, missing)),
    ...(care.length === 0 ? [] : details(`Read with care (${care.length})`, care)),
  ]
}
