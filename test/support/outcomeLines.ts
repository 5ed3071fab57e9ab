import type {JsonOutcome, NodeState} from '../../src/model/index.js'
import {explainWords, type FlowWords} from './explainFlow.js'
import {packetText} from './walkText.js'

/**
 * What becomes of a packet, a line for each outcome: `50 % if forwarded by eth0: tcp 10.0.9.9:40000 → 10.0.0.7:80 mark 0x1`. `if` and `unless` stand
 * for a condition each.
 */
export function outcomeLines(node: NodeState, flow: FlowWords): string {
  return explainWords(node, flow).explanation.outcomes.map(lineOf).join('\n')
}

export function lineOf({disposition, reason, probability, conditions, egress, packet}: JsonOutcome): string {
  const chance = probability === 1 || probability === null ? '' : `${probability * 100} % `
  const condition = conditions.map(text => `${text.split(' ')[0] ?? ''} `).join('')
  const why = reason === null ? '' : ` (${reason})`
  const way = egress === null ? '' : ` by ${egress.interface}`
  const mark = packet.mark === 0 ? '' : ` mark 0x${packet.mark.toString(16)}`
  return `${chance}${condition}${disposition}${why}${way}: ${packetText(packet)}${mark}`
}
