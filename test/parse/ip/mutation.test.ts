import fc from 'fast-check'
import type {Parsed, SourceText} from '../../../src/model/index.js'
import * as parsers from '../../../src/parse/ip/index.js'
import {format, formatNames} from './support.js'

const PARSERS: readonly (readonly [string, (source: SourceText) => Parsed<unknown>])[] = [
  ['ip rule', source => parsers.parseIpRule(source, 4)],
  ['ip route', source => parsers.parseIpRoute(source)],
  ['ip addr', parsers.parseIpAddr],
  ['ip neigh', parsers.parseNeighbours],
  ['ifconfig', parsers.parseIfconfig],
  ['sysctl', parsers.parseSysctl],
  ['rt_tables', parsers.parseRtTables],
  ['route -n', parsers.parseRouteN],
  ['/proc/net/route', parsers.parseProcRoute],
  ['/proc/net/ipv6_route', parsers.parseProcIpv6Route],
  ['/proc/net/if_inet6', parsers.parseIfInet6],
  ['/proc/net/fib_trie', parsers.parseFibTrie],
]

const samples = [
  ...formatNames().filter(name => /^ip-v(3\.10|7\.1)|^busybox|^net-tools|^error/.test(name)),
  'proc/proc-net-route.txt',
  'proc/proc-net-ipv6_route.txt',
  'proc/proc-net-if_inet6.txt',
  'proc/proc-net-fib_trie.txt',
].map(name => format(name).text.slice(0, 4000))

/** Characters and words that mean something to some grammar. */
const splinter = fc.oneof(
  fc.string({maxLength: 6, unit: 'binary'}),
  fc.constantFrom(
    '\\',
    '"',
    '{',
    '}',
    '[',
    ']',
    ':',
    '/',
    '\t',
    '\r',
    '\n',
    '\0',
    '\u001b[1m',
    ' via ',
    ' nexthop ',
    ' not ',
    ' encap ',
    '@',
    '<',
    '>',
    '-',
    '0x',
    '99999999999',
    'inet ',
    '::',
    '/129',
    'null',
  ),
)
const mutated = fc
  .tuple(
    fc.constantFrom(...samples),
    fc.array(fc.tuple(fc.nat(4000), fc.nat(30), splinter), {minLength: 1, maxLength: 12}),
  )
  .map(([text, edits]) =>
    edits.reduce((result, [at, length, insert]) => result.slice(0, at) + insert + result.slice(at + length), text),
  )

describe.each(PARSERS)('%s', (_, parse) => {
  it('never throws, and cites lines that exist', () => {
    fc.assert(
      fc.property(mutated, text => {
        const lines = text.split('\n').length
        for (const {source} of parse({name: 'x', text}).diagnostics) {
          expect(source?.line).toBeGreaterThanOrEqual(1)
          expect(source?.line).toBeLessThanOrEqual(lines)
        }
      }),
      {numRuns: 100},
    )
  })

  it('takes time in proportion to the text', () => {
    // what a regular expression with two adjacent repetitions would choke on
    for (const piece of [
      ' ',
      '\t',
      '1',
      '1.',
      'a',
      ' dev',
      'nexthop ',
      ':',
      '{',
      '[{"',
      '"encap":"x",',
      '<',
      '/',
      '\\ ',
      '\u001b[',
      '1: a',
      '0: from all ',
    ]) {
      const started = performance.now()
      parse({name: 'x', text: piece.repeat(50_000)})
      expect(performance.now() - started).toBeLessThan(1500)
    }
  })
})

describe('a large node', () => {
  const rules = Array.from(
    {length: 1500},
    (_, i) => `${512 + i}:\tfrom 10.${i >> 8}.${i & 255}.7 to 10.0.0.0/8 fwmark 0x80/0x80 lookup ${i + 2}\n`,
  ).join('')
  const routes = Array.from(
    {length: 10_000},
    (_, i) => `10.${i >> 8}.${i & 255}.7 dev eni${i} proto static scope link src 10.0.0.1 metric 5 \n`,
  ).join('')

  it('1,500 rules and 10,000 routes are read whole', () => {
    expect(parsers.parseIpRule({name: 'x', text: rules}, 4).value).toHaveLength(1500)
    const started = performance.now()
    const {value, diagnostics} = parsers.parseIpRoute({name: 'x', text: routes})
    expect([value.length, diagnostics.length]).toEqual([10_000, 0])
    // 20 ms where it was written; the margin is for busy machines
    expect(performance.now() - started).toBeLessThan(1000)
  })
})
