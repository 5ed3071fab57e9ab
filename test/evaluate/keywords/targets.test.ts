import type {JsonOutcome} from '../../../src/model/index.js'
import {explainWords} from '../../support/explainFlow.js'
import {saveOf, tinyNode} from '../../support/tinyNode.js'
import {packetText} from '../../support/walkText.js'
import {DOCUMENTS} from './probe.js'
import {OUTPUT_TARGETS, type TargetProbe, TARGETS} from './targets.js'

/** `50 % forwarded by eth0: tcp 10.0.9.9:40000 → 10.0.0.7:80 mark 0x1`; `if` and `unless` stand for a condition. */
function lineOf({disposition, probability, conditions, egress, packet}: JsonOutcome): string {
  const chance = probability === 1 ? '' : `${(probability ?? NaN) * 100} % `
  const condition = conditions.map(text => `${text.split(' ')[0] ?? ''} `).join('')
  const way = egress === null ? '' : ` by ${egress.interface}`
  const mark = packet.mark === 0 ? '' : ` mark 0x${packet.mark.toString(16)}`
  return `${chance}${condition}${disposition}${way}: ${packetText(packet)}${mark}`
}

function explain({rules, flow}: TargetProbe): string {
  const v6 = String(flow['dst']).includes(':')
  const node = tinyNode(v6 ? {} : rules, {
    ...DOCUMENTS,
    ...(v6 ? {'ip6tables-save.txt': saveOf(rules, 'ip6tables-save')} : {}),
  })
  const {explanation, assumptions} = explainWords(node, flow)
  const zone = assumptions.filter(({code}) => code === 'CT_ZONE').map(({code}) => `assuming ${code}`)
  return [...explanation.outcomes.map(lineOf), ...zone].join('\n')
}

describe('each target keyword behaves as docs/limitations.md says', () => {
  it.each(TARGETS.map(probe => [probe.keyword, probe.state, probe] as const))('%s: %s', (_keyword, _state, probe) => {
    expect(explain(probe)).toBe(probe.expected)
  })

  it.each(OUTPUT_TARGETS.map(probe => [probe.keyword, probe] as const))('%s in OUTPUT', (_, probe) => {
    expect(explain(probe)).toBe(probe.expected)
  })
})
