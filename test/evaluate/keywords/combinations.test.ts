import fc from 'fast-check'
import type {JsonOutcome} from '../../../src/model/index.js'
import {explainWords} from '../../support/explainFlow.js'
import {MATCHES} from './matches.js'
import {INWARD, TCP} from './probe.js'
import {nodeWith, truthOf} from './truth.js'

describe('matches in one rule', () => {
  // matches that ask one and the same question twice have fewer branches than two: left out
  const alike = /^(set --(up|pack|bytes)|recent)/
  const texts = MATCHES.filter(({keyword, place}) => place === 'filter FORWARD' && !alike.test(keyword))
    .flatMap(probe => probe.cases.map(one => one.text))
    .filter(text => !/-m (icmp6|hl|dst|eui64|frag|hbh|ipv6header|mh|rt|srh)/.test(text))
  const match = fc
    .tuple(fc.constantFrom(...texts), fc.boolean())
    .map(([text, not]) => text.replace('!? ', not ? '! ' : ''))

  it.each([
    ['from the pod', TCP],
    ['to the pod', INWARD],
  ])('all must hold, in Kleene logic: %s', (_, flow) => {
    const outcomesOf = (rule: string): readonly JsonOutcome[] =>
      explainWords(nodeWith('filter FORWARD', rule, 4), flow, {steps: false}).explanation.outcomes
    fc.assert(
      fc.property(match, match, (a, b) => {
        fc.pre(a.split(' ').at(-2) !== b.split(' ').at(-2))
        // options that nobody knows are one condition, whichever module they belong to
        fc.pre(!(a.includes('frobnicate') && b.includes('frobnicate')))
        const truths = [truthOf(outcomesOf(a)), truthOf(outcomesOf(b))]
        const together = outcomesOf(`${a} ${b}`)
        const dropped = together.filter(({disposition}) => disposition === 'dropped')
        if (truths.includes('false')) {
          // a rule that cannot match branches nothing
          expect(together).toHaveLength(1)
          expect(dropped).toEqual([])
        } else {
          expect(dropped).toHaveLength(1)
          expect(dropped[0]?.conditions).toHaveLength(truths.filter(truth => truth === 'open').length)
        }
      }),
      {numRuns: 150},
    )
  })
})
