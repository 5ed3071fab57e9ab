import type {JsonExplanation, JsonOutcome, JsonStep} from '../../src/model/index.js'
import {describeAnswer} from '../../src/render/explain/describeAnswers.js'
import {foldAnswers} from '../../src/render/explain/foldAnswers.js'
import {flow} from './samples/build.js'

const step = (rule: number, line: number): JsonStep => ({
  ...{stage: 'filter/INPUT', kind: 'chain-rule', backend: 'iptables-nft', family: 'ip', table: 'filter'},
  ...{chain: 'INPUT', rule, target: 'ACCEPT', text: `-A INPUT ${rule}`, effect: ''},
  source: {document: 'iptables-save.txt', line},
})
const packet = {src: '10.0.0.1', sport: null, dst: '8.8.8.8', dport: 443, proto: 'tcp', mark: 0}
const back = {src: '8.8.8.8', sport: 443, dst: '10.0.0.1', dport: null, proto: 'tcp', mark: 0}
const IF = 'for the answer: if the destination port is 80'
const UNLESS = 'for the answer: unless the destination port is 80'

/** @param steps of the answer @param answer what becomes of it */
function outcome(
  conditions: string[],
  steps: JsonStep[],
  probability: number | null = null,
  answer: JsonOutcome['disposition'] = 'delivered',
): JsonOutcome {
  const reply = {disposition: answer, reason: null, probability, conditions, packet: back, egress: null, steps}
  return {disposition: 'forwarded', reason: null, probability, conditions, packet, egress: null, steps: [], reply}
}

function explanation(...outcomes: JsonOutcome[]): JsonExplanation {
  const origin = {kind: 'node', interface: null, pod: null, eni: null} as const
  return {flow: flow({proto: 'tcp', src: null, dst: '8.8.8.8', dport: 443}), origin, outcomes}
}

describe('foldAnswers', () => {
  it('makes one of outcomes that differ in what lets the answer in, and says what differs', () => {
    const folded = foldAnswers(explanation(outcome([IF], [step(1, 7), step(9, 20)]), outcome([UNLESS], [step(9, 20)])))
    expect(folded.outcomes).toHaveLength(1)
    expect(folded.outcomes[0]).toMatchObject({conditions: [], probability: null, reply: {conditions: []}})
    expect(describeAnswer({explanations: [folded], protocols: ['tcp']}, 0)?.facts.slice(1)).toEqual([
      ['the answer fares alike, whichever rules it meets:'],
      ['if the destination port is 80: INPUT 1 ACCEPT (iptables-save.txt:7)'],
      ['unless the destination port is 80: no rule of its own'],
    ])
  })

  it('keeps conditions of the request, and folds under each alike', () => {
    const under = (condition: string): JsonOutcome[] => [
      outcome([condition, IF], [step(1, 7)], 1),
      outcome([condition, UNLESS], [], 1),
    ]
    const {outcomes} = foldAnswers(explanation(...under('if the limit allows'), ...under('unless the limit allows')))
    expect(outcomes.map(({conditions, probability}) => [conditions, probability])).toEqual([
      [['if the limit allows'], 1],
      [['unless the limit allows'], 1],
    ])
  })

  test.each([
    ['the answer fares otherwise in one of them', [outcome([IF], []), outcome([UNLESS], [], null, 'dropped')]],
    ['their probabilities differ', [outcome([IF], [], 0.25), outcome([UNLESS], [], 0.75)]],
    ['chance alone tells them apart', [outcome([], [step(1, 7)], 0.5), outcome([], [], 0.5)]],
    [
      'one of the request fares otherwise',
      [outcome([IF], []), outcome([UNLESS], []), outcome(['for the answer: x'], [], null, 'dropped')],
    ],
  ])('leaves them apart where %s', (_, outcomes) => {
    expect(foldAnswers(explanation(...outcomes)).outcomes).toEqual(outcomes)
  })

  it('tells whys by the outcomes that are left', () => {
    const why = {
      ...({way: 'request', symptom: 's', causes: [], takenBy: null, shadowed: [], nearest: []} as const),
      repair: [],
      restores: null,
      advice: null,
    }
    const all = [outcome([IF], []), outcome([UNLESS], []), {...outcome([], []), packet: {...packet, src: '10.0.0.9'}}]
    const whys = [
      {...why, causes: [], shadowed: [], nearest: [], outcomes: [0, 1]},
      {...why, causes: [], shadowed: [], nearest: [], outcomes: [2]},
    ]
    expect(foldAnswers({...explanation(...all), why: whys}).why?.map(each => each.outcomes)).toEqual([[0], [1]])
  })
})
