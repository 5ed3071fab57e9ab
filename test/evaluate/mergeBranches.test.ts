import type {Branch} from '../../src/evaluate/branchGroup.js'
import {mergeBranches} from '../../src/evaluate/outcome.js'
import type {JsonOutcome} from '../../src/model/index.js'
import {outcomeLines} from '../support/outcomeLines.js'
import {tinyNode} from '../support/tinyNode.js'

const OUTCOME: JsonOutcome = {
  disposition: 'forwarded',
  reason: null,
  probability: null,
  conditions: [],
  packet: {src: '10.0.0.1', sport: 1, dst: '10.0.0.2', dport: 2, proto: 'tcp', mark: 0},
  egress: null,
}

/** `+a`: a holds; `-a`: it does not. */
function branch(conditions: string, probability = 1, outcome: Partial<JsonOutcome> = {}): Branch {
  return {
    outcome: {...OUTCOME, ...outcome},
    conditions: conditions
      .split(' ')
      .filter(word => word !== '')
      .map(word => ({key: word.slice(1), holds: word.startsWith('+'), text: word})),
    probability,
  }
}

const merged = (...branches: Branch[]): string[] =>
  mergeBranches(branches).map(({disposition, probability, conditions}) =>
    [disposition, probability, ...conditions].join(' '),
  )

describe('branches that end alike', () => {
  it.each([
    ['one alone stays as it is', [branch('+a', 0.5)], ['forwarded 0.5 +a']],
    ['the same conditions: probabilities add up', [branch('+a', 0.5), branch('+a', 0.25)], ['forwarded 0.75 +a']],
    ['in another order', [branch('+a +b', 0.5), branch('+b +a', 0.25)], ['forwarded 0.75 +a +b']],
    ['a fact that does not matter is left out', [branch('+a'), branch('-a')], ['forwarded 1']],
    ['… of several', [branch('+a +b', 0.5), branch('+a -b', 0.5)], ['forwarded 0.5 +a']],
    ['… step by step', [branch('+a +b'), branch('+a -b'), branch('-a +b'), branch('-a -b')], ['forwarded 1']],
    [
      'two facts that differ both matter',
      [branch('+a +b'), branch('-a -b')],
      ['forwarded 1 +a +b', 'forwarded 1 -a -b'],
    ],
    ['a fact asked on one side only stays', [branch('+a'), branch('-a +b')], ['forwarded 1 +a', 'forwarded 1 -a +b']],
    ['unlike facts stay', [branch('+a'), branch('+b')], ['forwarded 1 +a', 'forwarded 1 +b']],
    [
      'a fact that changes the odds matters',
      [branch('+a', 0.5), branch('-a', 0.25)],
      ['forwarded 0.5 +a', 'forwarded 0.25 -a'],
    ],
    [
      'the most probable comes first',
      [branch('+a', 0.25), branch('+b', 0.75)],
      ['forwarded 0.75 +b', 'forwarded 0.25 +a'],
    ],
  ])('%s', (_, branches, expected) => {
    expect(merged(...branches)).toEqual(expected)
  })

  it('of eight facts none is left where none matters, and two where a quarter of the ways is missing', () => {
    const branches = Array.from({length: 256}, (_, bits) =>
      branch(Array.from({length: 8}, (_, i) => `${(bits >> i) & 1 ? '+' : '-'}f${i}`).join(' '), 1 / 256),
    )
    expect(merged(...branches)).toEqual([`forwarded ${1 / 256}`])
    const odds = merged(...branches.slice(0, 128), ...branches.slice(192))
    expect(odds).toEqual([`forwarded ${1 / 256} -f7`, `forwarded ${1 / 256} +f6 +f7`])
  })

  it.each<[string, Partial<JsonOutcome>]>([
    ['disposition', {disposition: 'dropped'}],
    ['reason', {reason: 'NO_ROUTE'}],
    ['source', {packet: {...OUTCOME.packet, src: '10.0.0.9'}}],
    ['source port', {packet: {...OUTCOME.packet, sport: null}}],
    ['destination', {packet: {...OUTCOME.packet, dst: '10.0.0.9'}}],
    ['destination port', {packet: {...OUTCOME.packet, dport: 9}}],
    ['mark', {packet: {...OUTCOME.packet, mark: 9}}],
    ['device', {egress: {interface: 'eth1', nextHop: null, mac: null, neighbourState: null, eni: null, pod: null}}],
    ['answer', {reply: OUTCOME}],
    ['steps', {steps: []}],
  ])('those that differ in their %s stay apart', (name, change) => {
    const other = name === 'steps' ? {steps: [step('nat')]} : {}
    expect(mergeBranches([branch('', 0.5, other), branch('', 0.5, change)])).toHaveLength(2)
  })

  function step(stage: string, change: Partial<NonNullable<JsonOutcome['steps']>[number]> = {}) {
    return {
      stage,
      kind: 'nat' as const,
      backend: null,
      family: null,
      table: null,
      chain: null,
      rule: null,
      target: null,
      text: '',
      effect: '',
      source: null,
      ...change,
    }
  }

  it.each([
    {text: 'other'},
    {effect: 'other'},
    {stage: 'other'},
    {target: 'other'},
    {source: {document: 'a', line: 1}},
  ])('those with a step that differs in %j stay apart, in the answer too', change => {
    const one = {steps: [step('nat')]}
    const other = {steps: [step('nat', change)]}
    expect(mergeBranches([branch('', 0.5, one), branch('', 0.5, other)])).toHaveLength(2)
    expect(mergeBranches([branch('', 0.5, one), branch('', 0.5, one)])).toHaveLength(1)
    const replies = [one, other].map(steps => ({steps: [], reply: {...OUTCOME, ...steps}}))
    expect(mergeBranches(replies.map(outcome => branch('', 0.5, outcome)))).toHaveLength(2)
  })

  it('the conditions of the answer are those of its own', () => {
    const answer = {
      ...branch('+a', 1, {reply: OUTCOME}),
      conditions: [
        {key: 'a', holds: true, text: 'if a'},
        {key: 'answer b', holds: false, text: 'for the answer: unless b'},
      ],
    }
    expect(mergeBranches([answer])[0]).toMatchObject({
      conditions: ['if a', 'for the answer: unless b'],
      reply: {conditions: ['for the answer: unless b']},
    })
  })

  it('a flow that branches without end ends undetermined', () => {
    const questions = Array.from(
      {length: 13},
      (_, i) => `-A FORWARD -i veth0 -m u32 --u32 "${i}=1" -j MARK --or-mark ${2 ** i}`,
    )
    const lines = outcomeLines(tinyNode({filter: questions.join('\n')}), {
      src: '10.0.9.9',
      dst: '8.8.8.8',
      proto: 'udp',
    }).split('\n')
    expect(lines).toHaveLength(4097)
    expect(lines.at(-1)).toMatch(/undetermined \(TOO_MANY_BRANCHES\)/)
  })

  it('a flow that asks hundreds of questions one after the other ends undetermined before it fills the memory', () => {
    const questions = Array.from({length: 1500}, (_, i) => `-A FORWARD -m u32 --u32 "${i}=1" -j ACCEPT`)
    const lines = outcomeLines(tinyNode({filter: questions.join('\n')}), {
      src: '10.0.9.9',
      dst: '8.8.8.8',
      proto: 'udp',
    })
    expect(lines).toMatch(/undetermined \(TOO_MANY_BRANCHES\)/)
  }, 60_000)
})
