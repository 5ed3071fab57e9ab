import {explainWords} from '../../support/explainFlow.js'
import {lineOf} from '../../support/outcomeLines.js'
import {saveOf, tinyNode} from '../../support/tinyNode.js'
import {DOCUMENTS} from './probe.js'
import {OUTPUT_TARGETS, type TargetProbe, TARGETS} from './targets.js'

function explain({rules, flow}: TargetProbe): string {
  const v6 = String(flow['dst']).includes(':')
  const node = tinyNode(v6 ? {} : rules, {
    ...DOCUMENTS,
    ...(v6 ? {'ip6tables-save.txt': saveOf(rules, 'ip6tables-save')} : {}),
  })
  const {explanation} = explainWords(node, flow)
  return explanation.outcomes.map(lineOf).join('\n')
}

describe('each target keyword behaves as docs/limitations.md says', () => {
  it.each(TARGETS.map(probe => [probe.keyword, probe.state, probe] as const))('%s: %s', (_keyword, _state, probe) => {
    expect(explain(probe)).toBe(probe.expected)
  })

  it.each(OUTPUT_TARGETS.map(probe => [probe.keyword, probe] as const))('%s in OUTPUT', (_, probe) => {
    expect(explain(probe)).toBe(probe.expected)
  })
})
