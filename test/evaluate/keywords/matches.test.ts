import {explainWords} from '../../support/explainFlow.js'
import {MATCHES} from './matches.js'
import type {Case, MatchProbe} from './probe.js'
import {nodeWith, OPPOSITE, truthOf} from './truth.js'

function expectTruth({place}: MatchProbe, {text, flow, truth}: Case, negation: '' | '! '): void {
  const match = text.replace('!? ', negation)
  const node = nodeWith(place, match, String(flow['dst']).includes(':') ? 6 : 4)
  const {outcomes} = explainWords(node, flow, {steps: false}).explanation
  expect({match, flow, truth: truthOf(outcomes)}).toEqual({
    match,
    flow,
    truth: negation === '' ? truth : OPPOSITE[truth],
  })
}

describe('each match keyword behaves as docs/limitations.md says', () => {
  it.each(MATCHES.map(probe => [probe.keyword, probe.state, probe] as const))('%s: %s', (_keyword, _state, probe) => {
    for (const one of probe.cases) {
      expectTruth(probe, one, '')
      if (one.text.includes('!?')) expectTruth(probe, one, '! ')
    }
  })
})
