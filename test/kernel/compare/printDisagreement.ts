import type {JsonOutcome} from '../../../src/model/index.js'
import {describeOutcome, endpoint} from '../lab/describeOutcome.js'
import type {KernelFlow} from '../lab/nodeSpec.js'
import type {MeasuredOutcome} from '../lab/outcome.js'
import type {Disagreement} from './compareFlow.js'
import {ruleName, ruleNames} from './compareOutcome.js'

/** A flow, what the kernel did, what was predicted, and where the two part. */
export function printDisagreement(flow: KernelFlow, {aspect, seen, predicted}: Disagreement): string {
  const lines = [`${aspect} of ${JSON.stringify(flow)}`]
  if (seen !== null) lines.push(`  kernel  ${describeSeen(seen)}`)
  if (predicted !== null) lines.push(`  ekspath ${describePredicted(predicted)}`)
  if (aspect === 'route' && seen !== null && predicted !== null) {
    lines.push(
      `  kernel  table ${seen.route?.table ?? ''} ${seen.route?.prefix ?? ''}`,
      `  ekspath ${routeOf(predicted)}`,
    )
  }
  if (seen !== null && predicted !== null) lines.push(...parting(seen, predicted, aspect === 'reply'))
  return lines.join('\n')
}

function describeSeen(seen: MeasuredOutcome): string {
  const mark = `${markOf(seen)}${seen.reply === null ? '' : ` (reply's${markOf(seen.reply)})`}`
  return `${describeOutcome(seen)}${mark} · last seen ${seen.lastSeen ?? 'nowhere'}${seen.drops.length === 0 ? '' : ` · ${seen.drops.join(' ')}`}`
}

function routeOf({steps = []}: JsonOutcome): string {
  return ['ip-rule', 'route'].map(kind => steps.findLast(step => step.kind === kind)?.text ?? 'nothing').join(' → ')
}

function markOf({mark}: MeasuredOutcome): string {
  return ` mark 0x${mark.toString(16)}`
}

function describePredicted(predicted: JsonOutcome): string {
  const {disposition, reason, packet, egress, conditions, probability, reply} = predicted
  const words: string[] = [disposition]
  if (egress !== null) words.push(`${egress.interface} next ${String(egress.nextHop)}`)
  words.push(`${endpoint(packet.src, packet.sport)}>${endpoint(packet.dst, packet.dport)}`)
  if (packet.mark !== 0) words.push(`mark 0x${packet.mark.toString(16)}`)
  if (reason !== null) words.push(reason)
  if (probability !== 1) words.push(`p=${String(probability)}`)
  if (conditions.length > 0) words.push(`if ${conditions.join(' and ')}`)
  if (reply !== undefined && reply !== null) words.push('reply', describePredicted(reply))
  return words.join(' ')
}

/** The rules from the first on that differ. */
function parting(seen: MeasuredOutcome, predicted: JsonOutcome, inReply: boolean): string[] {
  if (inReply) return seen.reply !== null && predicted.reply != null ? parting(seen.reply, predicted.reply, false) : []
  const kernel = seen.rules.map(ruleName)
  const ours = ruleNames(predicted)
  const at = kernel.findIndex((name, i) => name !== ours[i])
  const from = at < 0 ? kernel.length : at
  const show = (names: string[]): string => (names.length > from ? names.slice(from).join(' ') : '(end)')
  return kernel.join() === ours.join()
    ? [`  rules   ${kernel.join(' ')}`]
    : [`  same    ${kernel.slice(0, from).join(' ')}`, `  kernel  ${show(kernel)}`, `  ekspath ${show(ours)}`]
}
