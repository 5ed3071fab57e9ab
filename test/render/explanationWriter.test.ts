import fc from 'fast-check'
import {identify} from '../../src/eks/index.js'
import {FlowError} from '../../src/evaluate/index.js'
import {makeExplainer, parseFlowLine} from '../../src/explain/index.js'
import type {JsonExplanation, JsonOutcome, JsonSource, JsonStep} from '../../src/model/index.js'
import {loadNode} from '../../src/node/index.js'
import {ExplanationWriter, LineBuffer} from '../../src/render/index.js'
import {endpointsReport} from './samples/endpoints.js'

/** Texts with all that JSON escapes, and with what takes more than one byte. */
const text = fc.string({
  unit: fc.constantFrom('a', ' ', '"', '\\', '\n', '\0', '→', 'ü', '\ud83d', '🙂', '\u2028', '"effect":""'),
})
const source = fc.record<JsonSource>({document: text, line: fc.nat()})
const nullable = fc.option(text)

function stepOf(at: fc.Arbitrary<JsonSource | null>): fc.Arbitrary<JsonStep> {
  return fc.record({
    stage: text,
    kind: fc.constantFrom('chain-rule', 'chain-miss', 'route'),
    backend: fc.constantFrom('nft', null),
    family: fc.constantFrom('ip', null),
    table: nullable,
    chain: nullable,
    rule: fc.option(fc.nat()),
    target: nullable,
    text,
    effect: text,
    source: at,
  })
}

/** Steps of few rules, some of which are not the same for being of one line. */
const steps = fc
  .array(source, {minLength: 1, maxLength: 3})
  .chain(sources => fc.array(stepOf(fc.option(fc.constantFrom(...sources)))))

function explanationOf(all: JsonStep[]): JsonExplanation {
  const [explanation] = endpointsReport.explanations
  const [outcome] = explanation?.outcomes ?? []
  if (explanation === undefined || outcome === undefined) throw new Error('the sample has an outcome')
  const {disposition, conditions, packet, egress, service} = outcome
  const lost: JsonOutcome = {
    disposition: 'dropped',
    reason: 'FILTER_RULE',
    probability: null,
    conditions: ['"ü"'],
    packet,
    egress: null,
  }
  const arrived: JsonOutcome = {disposition, reason: null, probability: 1 / 3, conditions, packet, egress, steps: all}
  return {
    ...explanation,
    outcomes: [
      {...arrived, reply: {...arrived, steps: all.slice(1)}, ...(service === undefined ? {} : {service})},
      {...lost, reply: null},
      lost,
    ],
  }
}

/** Writes one explanation after the other. */
function makeWrite(): (explanation: JsonExplanation) => string {
  const lines = new LineBuffer(16)
  const writer = new ExplanationWriter(lines)
  return explanation => {
    writer.writeLine(explanation)
    return Buffer.from(lines.take()).toString('utf8')
  }
}

/** As JSON.stringify gives it, and as it is in UTF-8: half of a surrogate pair is U+FFFD there. */
function lineOf(explanation: JsonExplanation): string {
  return Buffer.from(`${JSON.stringify(explanation)}\n`).toString('utf8')
}

test('a line is what JSON.stringify gives, byte by byte', () => {
  const write = makeWrite()
  fc.assert(
    fc.property(steps, all => {
      const explanation = explanationOf(all)
      expect(write(explanation)).toBe(lineOf(explanation))
    }),
  )
})

test('the same rule with another effect', () => {
  const write = makeWrite()
  const step = {
    ...(endpointsReport.explanations[0]?.outcomes[0]?.steps?.[0] as JsonStep),
    source: {document: 'a', line: 1},
  }
  const other = {...step, effect: '10.0.0.1 → 10.0.0.2'}
  for (const all of [[step], [step, step], [other], [step, other, {...other, stage: 'elsewhere'}], []])
    expect(write(explanationOf(all))).toBe(lineOf(explanationOf(all)))
})

test('the same next hop through another interface', () => {
  const write = makeWrite()
  const {egress} = endpointsReport.explanations[0]?.outcomes[0] ?? {}
  if (egress == null) throw new Error('the sample leaves the node')
  for (const one of [egress, {...egress, interface: 'über"0'}, {...egress, role: 'primary'}, null]) {
    const explanation = explanationOf([])
    for (const outcome of explanation.outcomes) outcome.egress = one
    expect(write(explanation)).toBe(lineOf(explanation))
  }
})

/** Members stand in the order in which the evaluator makes them: so nodes are asked that lose, deliver, translate and answer in many ways. */
describe.each(['net410', 'services', 'ipvs', 'demystify', 'vpc-cni-1.23'])('on %s', sample => {
  const sources = [null, '10.0.5.77', '192.168.7.62', '192.168.4.93', '172.31.1.2', '8.8.8.8']
  const targets = ['10.100.0.10', '10.100.0.1', '172.20.0.10', '10.0.5.77', '192.168.7.62', '8.8.8.8', '127.0.0.1']
  const flows = sources.flatMap(src =>
    targets.flatMap(dst => [
      {src, dst, proto: 'udp', sport: 40_000, dport: 53, note: 'ü'},
      {src, dst, proto: 'tcp', dport: 443, mark: 0x4000, ctState: 'NEW'},
      {src, dst, proto: 'icmp', icmpType: 8, ttl: 1},
    ]),
  )

  test.each([{}, {brief: true}, {misses: true}, {whatIf: ['ip rule add from 10.0.5.77 lookup 2 priority 1']}])(
    'with %j',
    async options => {
      const explain = makeExplainer(identify(await loadNode(`sample:${sample}`)), options)
      const write = makeWrite()
      const explanations = flows.flatMap(flow => {
        try {
          return [explain(parseFlowLine(JSON.stringify(flow))).explanation]
        } catch (error) {
          if (error instanceof FlowError) return []
          throw error
        }
      })
      expect(explanations.length).toBeGreaterThan(50)
      for (const explanation of explanations) expect(write(explanation)).toBe(lineOf(explanation))
    },
  )
})
