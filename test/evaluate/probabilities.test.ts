import fc from 'fast-check'
import type {JsonOutcome} from '../../src/model/index.js'
import {explainWords} from '../support/explainFlow.js'
import {rulesOf} from '../support/kernelAnswers.js'
import {tinyNode} from '../support/tinyNode.js'

/** A rule of a random chain: its matches, and what it does. Both null: no such match. */
interface RandomRule {
  /** As iptables prints it: eleven decimals. */
  readonly probability: string | null
  readonly negated: boolean
  /** `-m string --string N`: a question that no capture answers, the same in all rules. */
  readonly asks: number | null
  readonly action: 'ACCEPT' | 'DROP' | 'RETURN' | null | readonly RandomRule[]
}

/** One way through the chains, as the oracle finds it. */
interface Way {
  readonly rules: readonly string[]
  /** Parts in 2³¹, one factor for each random match on the way. */
  readonly factors: readonly number[]
  readonly answers: ReadonlyMap<number, boolean>
}

const DRAWS = 2 ** 31

const probability = fc
  .oneof(fc.integer({min: 0, max: DRAWS}), fc.constantFrom(0, 1, DRAWS / 2, DRAWS - 1, DRAWS))
  .map(parts => (parts / DRAWS).toFixed(11))

function chainOf(depth: number): fc.Arbitrary<RandomRule[]> {
  const plain = fc.constantFrom('ACCEPT' as const, 'DROP' as const, 'RETURN' as const, null)
  return fc.array(
    fc.record({
      probability: fc.option(probability, {freq: 4}),
      negated: fc.boolean(),
      asks: fc.option(fc.integer({min: 1, max: 2}), {freq: 1}),
      action: depth === 0 ? plain : fc.oneof(plain, chainOf(depth - 1)),
    }),
    {minLength: 1, maxLength: 3},
  )
}

/** The lines of a chain and of those it jumps to. */
function print(name: string, rules: readonly RandomRule[]): string[] {
  const below: string[] = []
  const lines = rules.map((rule, i) => {
    const {action} = rule
    const not = rule.negated ? '! ' : ''
    const random =
      rule.probability === null ? '' : ` -m statistic --mode random ${not}--probability ${rule.probability}`
    const asked = rule.asks === null ? '' : ` -m string --string ${rule.asks} --algo bm --to 65535`
    if (action === null) return `-A ${name}${random}${asked}`
    if (typeof action === 'string') return `-A ${name}${random}${asked} -j ${action}`
    below.push(...print(`${name}-${i + 1}`, action))
    return `-A ${name}${random}${asked} -j ${name}-${i + 1}`
  })
  return [...lines, ...below]
}

function nodeWith(rules: readonly RandomRule[]) {
  const head = ['-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT', '-A FORWARD -j RANDOM']
  return tinyNode({filter: [...head, ...print('RANDOM', rules)].join('\n')})
}

const FLOW = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'udp', sport: 5000, dport: 53}

/** Every way through the chains, with what it takes to go it: an evaluator of its own, without walk and replay. */
function waysThrough(rules: readonly RandomRule[]): Way[] {
  const start: Way = {rules: ['filter FORWARD 2'], factors: [], answers: new Map()}
  return through('RANDOM', rules, start)
    .flatMap(({way}) => way)
    .filter(way => way.factors.every(parts => parts > 0))
}

/** `ended`: ACCEPT or DROP. */
function through(name: string, rules: readonly RandomRule[], from: Way): {way: Way; ended: boolean}[] {
  const done: {way: Way; ended: boolean}[] = []
  let open: Way[] = [from]
  for (const [i, rule] of rules.entries()) {
    const missed: Way[] = []
    for (const way of open) {
      for (const {way: next, hit} of match(rule, way)) {
        if (!hit) missed.push(next)
        else {
          const here = {...next, rules: [...next.rules, `filter ${name} ${i + 1}`]}
          const {action} = rule
          if (action === null) missed.push(here)
          else if (typeof action === 'string') done.push({way: here, ended: action !== 'RETURN'})
          else {
            for (const inner of through(`${name}-${i + 1}`, action, here)) {
              if (inner.ended) done.push(inner)
              else missed.push(inner.way)
            }
          }
        }
      }
    }
    open = missed
  }
  return [...done, ...open.map(way => ({way, ended: false}))]
}

/** The random match is drawn before the string is searched, in the order of the text. */
function match(rule: RandomRule, way: Way): {way: Way; hit: boolean}[] {
  const results: {way: Way; hit: boolean}[] = []
  let drawn = way
  if (rule.probability !== null) {
    // lround(0x80000000 * p) in iptables; the kernel compares 31 random bits with it
    const below = Math.round(Number(rule.probability) * DRAWS)
    const hits = rule.negated ? DRAWS - below : below
    results.push({way: {...way, factors: [...way.factors, DRAWS - hits]}, hit: false})
    drawn = {...way, factors: [...way.factors, hits]}
  }
  if (rule.asks === null) return [...results, {way: drawn, hit: true}]
  const known = drawn.answers.get(rule.asks)
  for (const holds of known === undefined ? [true, false] : [known]) {
    results.push({way: {...drawn, answers: new Map([...drawn.answers, [rule.asks, holds]])}, hit: holds})
  }
  return results
}

const exactly = ({factors}: Way): number => factors.reduce((product, parts) => product * (parts / DRAWS), 1)

/** Does an outcome belong to this answer to both questions? */
function belongs({conditions}: JsonOutcome, answers: readonly [boolean, boolean]): boolean {
  return conditions.every(text => text.startsWith('if ') === answers[text.includes('--string 1') ? 0 : 1])
}

const ANSWERS = [true, false].flatMap(one => [true, false].map(two => [one, two] as const))

describe('probabilities of random chains', () => {
  it('each way has the exact product of its 31-bit draws', () => {
    fc.assert(
      fc.property(chainOf(1), rules => {
        const {outcomes} = explainWords(nodeWith(rules), FLOW).explanation
        const expected = new Map<string, number>()
        for (const way of waysThrough(rules)) {
          for (const [i, answers] of ANSWERS.entries()) {
            if (way.answers.get(1) === !answers[0] || way.answers.get(2) === !answers[1]) continue
            const key = `${i} ${way.rules.join(', ')}`
            expected.set(key, (expected.get(key) ?? 0) + exactly(way))
          }
        }
        const found = new Map<string, number>()
        for (const outcome of outcomes) {
          for (const [i, answers] of ANSWERS.entries()) {
            if (!belongs(outcome, answers)) continue
            const key = `${i} ${rulesOf(outcome).join(', ')}`
            found.set(key, (found.get(key) ?? 0) + (outcome.probability ?? NaN))
          }
        }
        expect([...found.keys()].sort()).toEqual([...expected.keys()].sort())
        for (const [key, value] of expected) expect(found.get(key)).toBeCloseTo(value, 12)
      }),
      {numRuns: 60},
    )
  })

  it('they add up to 1 for each answer to what the capture leaves open, with steps and without', () => {
    fc.assert(
      fc.property(chainOf(1), fc.boolean(), (rules, steps) => {
        const {outcomes} = explainWords(nodeWith(rules), FLOW, {steps}).explanation
        for (const answers of ANSWERS) {
          const mine = outcomes.filter(outcome => belongs(outcome, answers))
          expect(mine.reduce((sum, outcome) => sum + (outcome.probability ?? NaN), 0)).toBeCloseTo(1, 12)
        }
      }),
      {numRuns: 60},
    )
  })

  it('the more probable comes first', () => {
    fc.assert(
      fc.property(chainOf(1), rules => {
        const found = explainWords(nodeWith(rules), FLOW).explanation.outcomes.map(outcome => outcome.probability)
        expect(found).toEqual([...found].sort((a, b) => (b ?? NaN) - (a ?? NaN)))
      }),
      {numRuns: 20},
    )
  })

  it.each([
    [2, [0.5, 0.5]],
    [3, [0.33333333349, 0.33333333325, 0.33333333325]],
    [7, null],
  ] as const)('the %i endpoints of a service share it equally, but for the rounding', (count, exact) => {
    const rules = Array.from({length: count}, (_, i) => ({
      probability: i === count - 1 ? null : (1 / (count - i)).toFixed(11),
      negated: false,
      asks: null,
      action: 'ACCEPT' as const,
    }))
    const found = explainWords(nodeWith(rules), FLOW).explanation.outcomes.map(({probability: p}) => p ?? NaN)
    expect(found).toHaveLength(count)
    for (const p of found) expect(p).toBeCloseTo(1 / count, 8)
    for (const [i, p] of (exact ?? []).entries()) expect(found[i]).toBeCloseTo(p, 10)
    expect(found.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 14)
  })
})
