import {readFileSync, readdirSync} from 'node:fs'
import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {
  parseIpamdCheckpoint,
  parseIpamdEnis,
  parseIpamdEnvironment,
  parseIpamdPods,
} from '../../../src/parse/ipamd/index.js'
import {type Json, objectAt} from '../../../src/parse/ipamd/json.js'
import {readJson} from '../../../src/parse/ipamd/readJson.js'

function plain(json: Json): unknown {
  switch (json.kind) {
    case 'object':
      return Object.fromEntries([...json.members].map(([key, {value}]) => [key, plain(value)]))
    case 'array':
      return json.items.map(plain)
    case 'string':
      return json.value
    default:
      return JSON.parse(json.value)
  }
}

const read = (text: string): ReturnType<typeof readJson> => readJson({name: 'x.json', text})

describe('readJson', () => {
  it('reads what JSON.parse reads, on one line and pretty-printed', () => {
    fc.assert(
      fc.property(fc.json({maxDepth: 5}), fc.constantFrom(0, 1, 4), (text, indent) => {
        const expected: unknown = JSON.parse(text)
        const {value} = read(JSON.stringify(expected, null, indent))
        expect(value && JSON.stringify(plain(value))).toBe(JSON.stringify(expected))
      }),
    )
  })

  it('refuses what JSON.parse refuses', () => {
    fc.assert(
      fc.property(
        fc.json({maxDepth: 3}),
        fc.nat(),
        fc.constantFrom('', ',', '"', '}', ']', ':', '\\', '0'),
        (text, n, c) => {
          const at = n % (text.length + 1)
          const broken = text.slice(0, at) + c + text.slice(at + 1)
          const result = read(broken)
          let parses = true
          try {
            JSON.parse(broken)
          } catch {
            parses = false
          }
          expect(result.value !== null && result.rest === null).toBe(parses)
        },
      ),
      {numRuns: 1000},
    )
  })

  it.each([
    ['{"a": 1,\n "b": {\n  "c": 2}}', 'c', 3],
    ['\n\n{"c"\n: 2}', 'c', 3],
  ])('knows the line of each key: %j', (text, key, line) => {
    const {value} = read(text)
    const inner = value?.kind === 'object' ? (objectAt(value, 'b') ?? value) : null
    expect(inner?.members.get(key)?.line).toBe(line)
  })

  it('keeps integers that no double holds', () => {
    expect(read('1795161780123456789').value).toMatchObject({kind: 'number', value: '1795161780123456789'})
  })

  it('counts from the line at which a text begins', () => {
    expect(readJson({name: 'x.json', text: '\n?', firstLine: 40})).toMatchObject({fault: {line: 41}})
  })
})

describe('the parsers of ipamd', () => {
  it.each(readdirSync('fixtures/ipamd').filter(name => name.endsWith('.json')))('survive a cut %s', name => {
    const text = readFileSync(`fixtures/ipamd/${name}`, 'utf8')
    for (let end = 0; end < text.trimEnd().length; end += 13) {
      const source = {name, text: text.slice(0, end)}
      for (const parse of [parseIpamdEnis, parseIpamdPods, parseIpamdCheckpoint]) {
        const {value, diagnostics} = parse(source)
        expect(value).toBeNull()
        expect(diagnostics).toHaveLength(1)
      }
    }
  })

  it('survive JSON of any shape', () => {
    const words = fc.constantFrom(
      'ENIs',
      '0',
      'ENIIPPools',
      'AvailableIPv4Cidrs',
      'allocations',
      'IPv4Addresses',
      '10.0.0.1/32',
      'ipv4',
    )
    const {json} = fc.letrec(tie => ({
      json: fc.oneof(
        {depthSize: 'medium'},
        fc.constantFrom(null, true, 7, 'x', '10.0.0.1'),
        tie('list'),
        tie('record'),
      ),
      list: fc.array(tie('json'), {maxLength: 3}),
      record: fc.dictionary(words, tie('json'), {maxKeys: 4}),
    }))
    fc.assert(
      fc.property(json, value => {
        const source = {name: 'x.json', text: JSON.stringify(value)}
        for (const parse of [parseIpamdEnis, parseIpamdPods, parseIpamdCheckpoint, parseIpamdEnvironment]) parse(source)
      }),
      {numRuns: 1000},
    )
  })
})
