import {Buffer} from 'node:buffer'
import fc from 'fast-check'
import type {JsonExplanation, JsonSource, JsonStep} from '../../src/model/index.js'
import {ExplanationLines} from '../../src/render/index.js'
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
  return {
    ...explanation,
    outcomes: [
      {...outcome, steps: all},
      {...outcome, probability: 1 / 3, reason: null},
    ],
  }
}

function asText(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

test('a line is what JSON.stringify gives, byte by byte', () => {
  const lines = new ExplanationLines()
  fc.assert(
    fc.property(steps, all => {
      const explanation = explanationOf(all)
      expect(asText(lines.write(explanation))).toBe(Buffer.from(JSON.stringify(explanation)).toString('utf8'))
    }),
  )
})

test('the same rule with another effect', () => {
  const lines = new ExplanationLines()
  const step = {
    ...(endpointsReport.explanations[0]?.outcomes[0]?.steps?.[0] as JsonStep),
    source: {document: 'a', line: 1},
  }
  const other = {...step, effect: '10.0.0.1 → 10.0.0.2'}
  for (const all of [[step], [other], [step, other, {...other, stage: 'elsewhere'}]])
    expect(asText(lines.write(explanationOf(all)))).toBe(JSON.stringify(explanationOf(all)))
})
