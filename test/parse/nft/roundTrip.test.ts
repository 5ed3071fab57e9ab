import fc from 'fast-check'
import type {NftExpression, NftPattern, NftSetUse, NftStatement} from '../../../src/model/index.js'
import {formatAddress, type Address} from '../../../src/net/index.js'
import {parseNftRuleset} from '../../../src/parse/index.js'
import {printStatement} from './printNft.js'

const RUNS = 400

/** Without the texts and places that the parser keeps. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, member: unknown) =>
      key === 'text' || key === 'source' ? undefined : typeof member === 'bigint' ? `${member}n` : member,
    ),
  ) as unknown
}

function parse(rules: readonly string[]): readonly (readonly NftStatement[])[] {
  const body = rules.map(rule => `\t\t${rule}\n`).join('')
  const {value, diagnostics} = parseNftRuleset({name: 'x', text: `table inet t {\n\tchain c {\n${body}\t}\n}\n`})
  const read = value.tables[0]?.chains.get('c')?.rules ?? []
  expect(diagnostics).toEqual([])
  return read.map(({statements}) => statements)
}

const text = ''
const source = {document: '', line: 0}
const uint = (max: number): fc.Arbitrary<number> => fc.integer({min: 0, max})
const value = (of: fc.Arbitrary<number | string>): fc.Arbitrary<NftPattern> =>
  of.map(one => ({kind: 'value', value: one}))
const range = (max: number): fc.Arbitrary<NftPattern> =>
  fc
    .tuple(uint(max - 1), uint(max))
    .map(([a, b]) => ({kind: 'range', min: Math.min(a, b), max: Math.max(a, b) + (a === b ? 1 : 0)}))

interface Field {
  readonly expression: NftExpression
  readonly pattern: fc.Arbitrary<NftPattern>
}

const field = (expression: NftExpression, pattern: fc.Arbitrary<NftPattern>): Field => ({expression, pattern})
const port = fc.oneof(value(uint(65535)), range(65535))
const ipv4 = fc.oneof(value(uint(0xffffffff)), range(0xffffffff))
const mark = fc.oneof(value(uint(0xffffffff)), range(0xffffffff))
const device = fc.oneof(
  fc.constantFrom('eth0', 'eni1a2b', 'a*').map((name): NftPattern => ({kind: 'value', value: name})),
  fc.constantFrom('eni', 'x.').map((start): NftPattern => ({kind: 'wildcard', start})),
)

const FIELDS: readonly Field[] = [
  field({kind: 'payload', protocol: 'ip', field: 'saddr', text}, ipv4),
  field({kind: 'payload', protocol: 'ip', field: 'daddr', text}, ipv4),
  field({kind: 'payload', protocol: 'tcp', field: 'dport', text}, port),
  field({kind: 'payload', protocol: 'th', field: 'sport', text}, port),
  field({kind: 'payload', protocol: 'ip', field: 'ttl', text}, fc.oneof(value(uint(255)), range(255))),
  field({kind: 'meta', key: 'mark', text}, mark),
  field({kind: 'meta', key: 'l4proto', text}, value(fc.constantFrom(6, 17, 1, 132, 47))),
  field({kind: 'meta', key: 'iifname', text}, device),
  field({kind: 'meta', key: 'oifname', text}, device),
  field({kind: 'ct', key: 'mark', direction: null, text}, mark),
  field({kind: 'ct', key: 'ip saddr', direction: 'original', text}, ipv4),
  field({kind: 'ct', key: 'proto-dst', direction: 'reply', text}, port),
  field({kind: 'fib', of: 'daddr', mark: false, device: 'iif', result: 'type', text}, value(uint(10))),
  field({kind: 'numgen', mode: 'random', modulus: 7, offset: 3, text}, value(uint(9))),
  field(
    {
      kind: 'hash',
      of: [{kind: 'payload', protocol: 'ip', field: 'saddr', text}],
      modulus: 4,
      seed: 0xbeef,
      offset: 1,
      text,
    },
    value(uint(4)),
  ),
  field({kind: 'hash', of: null, modulus: 2, seed: null, offset: 0, text}, value(uint(1))),
]

const someField = fc.constantFrom(...FIELDS)
/** One to three different fields, and how many elements their set has. */
const key = fc.uniqueArray(someField, {minLength: 1, maxLength: 3})

const elementsOf = (fields: readonly Field[]): fc.Arbitrary<readonly (readonly NftPattern[])[]> =>
  fc.array(fc.tuple(...fields.map(({pattern}) => pattern)), {minLength: 2, maxLength: 4})

const setUse = (fields: readonly Field[]): fc.Arbitrary<NftSetUse> =>
  fc.oneof(
    fc.constantFrom('a', 'kube-x/y', 's_1').map((name): NftSetUse => ({kind: 'named', name})),
    elementsOf(fields).map((all): NftSetUse => ({
      kind: 'anonymous',
      elements: all.map(one => ({source, text, key: one, verdict: null, data: null})),
    })),
  )

const verdict = fc.oneof(
  fc.constantFrom('accept', 'drop', 'return', 'continue').map(kind => ({kind}) as const),
  fc
    .tuple(fc.constantFrom('jump', 'goto'), fc.constantFrom('a', 'service-ABC/x', 'KUBE-SVC-1'))
    .map(([kind, chain]) => ({kind, chain}) as const),
)

const expressionsOf = (fields: readonly Field[]): readonly NftExpression[] => fields.map(({expression}) => expression)

const match = key.chain(fields =>
  fc
    .tuple(
      fc.boolean(),
      fc.oneof(
        setUse(fields),
        fc.tuple(...fields.map(({pattern}) => pattern)).map((one): NftSetUse => ({
          kind: 'anonymous',
          elements: [{source, text, key: one, verdict: null, data: null}],
        })),
      ),
    )
    .map(([negated, set]): NftStatement => ({kind: 'match', key: expressionsOf(fields), negated, set, text})),
)

const vmap = key.chain(fields =>
  fc
    .array(fc.tuple(fc.tuple(...fields.map(({pattern}) => pattern)), verdict), {minLength: 1, maxLength: 3})
    .map((all): NftStatement => ({
      kind: 'vmap',
      key: expressionsOf(fields),
      set: {kind: 'anonymous', elements: all.map(([one, to]) => ({source, text, key: one, verdict: to, data: null}))},
      text,
    })),
)

const literal = (max: number): fc.Arbitrary<NftExpression> =>
  value(uint(max)).map(pattern => ({kind: 'literal', pattern, text}))
const MARKS: readonly NftExpression[] = [FIELDS[5] as Field, FIELDS[9] as Field].map(({expression}) => expression)
const binary = fc
  .tuple(
    fc.constantFrom(...MARKS),
    fc.constantFrom('&' as const, '|' as const, '^' as const, '<<' as const, '>>' as const),
    literal(31),
  )
  .map(([left, operator, right]): NftExpression => ({kind: 'binary', operator, left, right, text}))
const mapped = fc
  .tuple(
    fc.constantFrom(FIELDS[0] as Field, FIELDS[2] as Field),
    fc.array(uint(0xffffffff), {minLength: 1, maxLength: 3}),
  )
  .chain(([of, data]) =>
    fc.tuple(...data.map(() => of.pattern)).map((keys): NftExpression => ({
      kind: 'map',
      key: [of.expression],
      set: {
        kind: 'anonymous',
        elements: keys.map((one, i) => ({
          source,
          text,
          key: [one],
          verdict: null,
          data: [{kind: 'value', value: data[i] as number}],
        })),
      },
      text,
    })),
  )
const assign = fc
  .tuple(fc.constantFrom(...MARKS), fc.oneof(literal(0xffffffff), binary, mapped, fc.constantFrom(...MARKS)))
  .map(([target, set]): NftStatement => ({kind: 'assign', target, value: set, text}))

const flags = fc.record({random: fc.boolean(), fullyRandom: fc.boolean(), persistent: fc.boolean()})
const addressSpec = ipv4.map((pattern): NftExpression => ({kind: 'literal', pattern, text}))
const portSpec = fc.tuple(uint(60000), uint(5000)).map(([min, more]): NftExpression => ({
  kind: 'literal',
  pattern: {kind: 'range', min: min + 1, max: min + 1 + more},
  text,
}))
const nat = fc.oneof(
  fc
    .record({
      operation: fc.constantFrom('dnat' as const, 'snat' as const),
      family: fc.constantFrom('ip' as const, null),
      address: addressSpec,
      ports: fc.option(portSpec),
      flags,
    })
    .map((one): NftStatement => ({kind: 'nat', prefix: false, text, ...one})),
  fc
    .record({operation: fc.constantFrom('masquerade' as const, 'redirect' as const), ports: fc.option(portSpec), flags})
    .map((one): NftStatement => ({kind: 'nat', family: null, address: null, prefix: false, text, ...one})),
)

const reject = fc
  .oneof(
    fc.constant({kind: 'tcp-reset'} as const),
    fc
      .constantFrom('port-unreachable', 'host-unreachable', 'admin-prohibited')
      .chain(code => fc.constantFrom('icmp' as const, 'icmpx' as const).map(kind => ({kind, code}))),
    fc.constant({kind: 'default'} as const),
  )
  .map((answer): NftStatement => ({kind: 'reject', with: answer, text}))

const update = fc
  .tuple(fc.constantFrom('add' as const, 'update' as const, 'delete' as const), key, fc.boolean())
  .map(([operation, fields, conditional]): NftStatement => ({
    kind: 'set-update',
    operation,
    set: 'seen',
    key: expressionsOf(fields),
    conditional,
    text,
  }))

const going = fc.oneof(
  match,
  assign,
  update,
  fc.constant<NftStatement>({kind: 'notrack'}),
  fc.constantFrom('counter', 'log', 'last').map((name): NftStatement => ({kind: 'continue', name})),
)
const end = fc.oneof(
  verdict.map((one): NftStatement => ({kind: 'verdict', verdict: one})),
  vmap,
  nat,
  reject,
)
const rule = fc.tuple(fc.array(going, {maxLength: 4}), end).map(([all, last]) => [...all, last])

describe('print and parse', () => {
  it('are each other’s inverse', () => {
    fc.assert(
      fc.property(fc.array(rule, {minLength: 1, maxLength: 3}), rules => {
        const printed = rules.map(statements => statements.map(printStatement).join(' '))
        expect(plain(parse(printed))).toEqual(plain(rules))
      }),
      {numRuns: RUNS},
    )
  })

  it('do not depend on handles, comments, counters and words of older versions', () => {
    fc.assert(
      fc.property(
        rule,
        fc.string({unit: fc.constantFrom('a', '{', '}', '#', ',', ':', ';', 'x', ' ')}),
        (statements, comment) => {
          const printed = statements.map(printStatement).join(' ')
          const older = printed
            .replaceAll(' & ', ' and ')
            .replaceAll(' | ', ' or ')
            .replaceAll(' ^ ', ' xor ')
            .replaceAll(' << ', ' lshift ')
            .replaceAll(' >> ', ' rshift ')
          for (const one of [
            `${printed} # handle 12`,
            `${printed} comment "${comment}"`,
            `${printed} comment "${comment}" # handle 3`,
            older,
          ])
            expect(plain(parse([one])[0])).toEqual(plain(statements))
        },
      ),
      {numRuns: RUNS},
    )
  })

  it('an IPv6 address is written as it is read', () => {
    fc.assert(
      fc.property(fc.bigInt({min: 0n, max: 2n ** 128n - 1n}), uint(60000), (address, at) => {
        const word = formatAddress(address as Address)
        const [one, two] = parse([`ip6 daddr ${word} dnat ip6 to [${word}]:${at + 1}`])[0] ?? []
        expect(one).toMatchObject({set: {elements: [{key: [{kind: 'value', value: address}]}]}})
        expect(two).toMatchObject({kind: 'nat', address: {pattern: {value: address}}, ports: {pattern: {min: at + 1}}})
      }),
      {numRuns: RUNS},
    )
  })
})

describe('whatever stands in a listing', () => {
  const words = fc.constantFrom(
    ...'table inet t { chain c } set map elements = , : type hook priority ; ip saddr tcp dport @x vmap jump goto # " ( ) | - / . == != and mark ct state new 0x1 10.0.0.1 ::1 flags handle counter log flags all limit rate update add meta'.split(
      ' ',
    ),
  )

  it('the parser ends, throws nothing, and loses no rule of a whole chain', () => {
    fc.assert(
      fc.property(
        fc.array(words, {maxLength: 40}),
        fc.array(fc.constantFrom(' ', '\n', '\t'), {maxLength: 40}),
        (all, gaps) => {
          const noise = all.map((word, i) => word + (gaps[i] ?? ' ')).join('')
          const {value} = parseNftRuleset({name: 'x', text: noise})
          for (const table of value.tables) {
            for (const chain of table.chains.values()) expect(chain.rules).toHaveLength(chain.ruleCount)
            for (const set of table.sets.values()) expect(Array.isArray(set.elements)).toBe(true)
          }
        },
      ),
      {numRuns: RUNS},
    )
  })

  it('a rule that is not known is kept verbatim, with a diagnostic', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('frob', 'nicate', '7', '@q', 'x:y'), {minLength: 1, maxLength: 5}), rest => {
        const unknown = `frobnicate ${rest.join(' ')}`
        const {value, diagnostics} = parseNftRuleset({
          name: 'x',
          text: `table ip t {\n\tchain c {\n\t\tudp dport 53 ${unknown} # handle 4\n\t}\n}\n`,
        })
        const statements = value.tables[0]?.chains.get('c')?.rules[0]?.statements
        expect(statements?.[1]).toEqual({kind: 'unknown', text: unknown})
        expect(diagnostics).toMatchObject([{code: 'UNKNOWN_KEYWORD', source: {line: 3}}])
      }),
      {numRuns: RUNS},
    )
  })
})
