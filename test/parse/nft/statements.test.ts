import {readFileSync} from 'node:fs'
import path from 'node:path'
import type {NftExpression, NftNat, NftRuleset, NftStatement} from '../../../src/model/index.js'
import {parseNftRuleset} from '../../../src/parse/index.js'

const FIXTURES = path.join(import.meta.dirname, '../../../fixtures')

function listing(file: string): NftRuleset {
  const {value, diagnostics} = parseNftRuleset({name: file, text: readFileSync(path.join(FIXTURES, file), 'utf8')})
  expect(diagnostics).toEqual([])
  return value
}

/** The statements of one rule, as JSON without the texts that they carry. */
function parse(rule: string): unknown[] {
  const {value} = parseNftRuleset({name: 'x', text: `table inet t {\n\tchain c {\n\t\t${rule}\n\t}\n}\n`})
  return plain(value.tables[0]?.chains.get('c')?.rules[0]?.statements ?? []) as unknown[]
}

function plain(value: unknown): unknown {
  const text = JSON.stringify(value, (key, member: unknown) =>
    key === 'text' || key === 'source' ? undefined : typeof member === 'bigint' ? `${member}n` : member,
  )
  return JSON.parse(text) as unknown
}

const number = (value: number) => ({kind: 'value', value})
const element = (...key: object[]) => ({key, verdict: null, data: null})
const one = (...key: object[]) => ({kind: 'anonymous', elements: [element(...key)]})
const meta = (key: string) => ({kind: 'meta', key})
const ct = (key: string, direction: string | null = null) => ({kind: 'ct', key, direction})
const payload = (protocol: string, field: string) => ({kind: 'payload', protocol, field})
const masked = (left: object, mask: number) => ({
  kind: 'binary',
  operator: '&',
  left,
  right: {kind: 'literal', pattern: number(mask)},
})
const match = (left: object, pattern: object, negated = false) => ({
  kind: 'match',
  key: [left],
  negated,
  set: one(pattern),
})

describe('comparisons', () => {
  it.each([
    ['meta mark 0x00000001', match(meta('mark'), number(1))],
    ['meta mark != 0x00000001', match(meta('mark'), number(1), true)],
    ['meta mark & 0x00004000 == 0x00004000', match(masked(meta('mark'), 0x4000), number(0x4000))],
    ['mark and 0x4000 == 0x4000', match(masked(meta('mark'), 0x4000), number(0x4000))],
    ['ct state new', match(masked(ct('state'), 8), number(0), true)],
    ['ct state established,new', match(masked(ct('state'), 10), number(0), true)],
    ['ct state == new', match(ct('state'), number(8))],
    ['ct state != established | new', match(ct('state'), number(10), true)],
    ['ct state 0x2,0x8', match(masked(ct('state'), 10), number(0), true)],
    ['tcp flags ! syn', match(masked(payload('tcp', 'flags'), 2), number(0))],
    ['tcp flags syn / syn,ack', match(masked(payload('tcp', 'flags'), 18), number(2))],
    ['tcp flags & (fin | syn) == syn', match(masked(payload('tcp', 'flags'), 3), number(2))],
    ['ip daddr 10.0.0.0/8', match(payload('ip', 'daddr'), {kind: 'range', min: 0x0a000000, max: 0x0affffff})],
    ['ip6 daddr ::1', match(payload('ip6', 'daddr'), {kind: 'value', value: '1n'})],
    ['iifname "eth*"', match(meta('iifname'), {kind: 'wildcard', start: 'eth'})],
    ['iifname "eth\\*"', match(meta('iifname'), {kind: 'value', value: 'eth*'})],
    ['meta mark 0x00000100/28', match(meta('mark'), {kind: 'range', min: 0x100, max: 0x10f})],
    ['tcp dport 80-90', match(payload('tcp', 'dport'), {kind: 'range', min: 80, max: 90})],
    ['ip ttl != 5353-63', match(payload('ip', 'ttl'), {kind: 'unknown'}, true)],
    ['tcp dport > 1024', match(payload('tcp', 'dport'), {kind: 'range', min: 1025, max: 0xffffffff})],
    ['ct original ip saddr 10.0.0.1', match(ct('ip saddr', 'original'), number(0x0a000001))],
    ['meta hour "10:00"-"11:00"', match(meta('hour'), {kind: 'unknown'})],
    ['ct original proto-dst 0x14e9 [invalid type]', match(ct('proto-dst', 'original'), number(0x14e9))],
    ['ct reply proto-dst [invalid type]', match(ct('proto-dst', 'reply'), {kind: 'unknown'})],
  ])('%s', (rule, expected) => {
    expect(parse(rule)).toEqual([expected])
  })
})

describe('statements', () => {
  it.each<[string, object[]]>([
    ['accept', [{kind: 'verdict', verdict: {kind: 'accept'}}]],
    [
      'counter packets 5 bytes 3 jump x/y-z',
      [
        {kind: 'continue', name: 'counter'},
        {kind: 'verdict', verdict: {kind: 'jump', chain: 'x/y-z'}},
      ],
    ],
    [
      'log flags tcp sequence,options log level debug flags all ip saddr 10.0.0.1',
      [
        {kind: 'continue', name: 'log'},
        {kind: 'continue', name: 'log'},
        match(payload('ip', 'saddr'), number(0x0a000001)),
      ],
    ],
    [
      'log prefix "a { b" group 1 drop',
      [
        {kind: 'continue', name: 'log'},
        {kind: 'verdict', verdict: {kind: 'drop'}},
      ],
    ],
    [
      'limit rate over 10/minute burst 5 packets drop',
      [{kind: 'condition'}, {kind: 'verdict', verdict: {kind: 'drop'}}],
    ],
    ['meta mark set ct mark & 0x00000080', [{kind: 'assign', target: meta('mark'), value: masked(ct('mark'), 0x80)}]],
    ['reject with icmpv6 no-route', [{kind: 'reject', with: {kind: 'icmpv6', code: 'no-route'}}]],
    [
      'dup to 10.0.0.1 device "eth0" drop',
      [
        {kind: 'continue', name: 'dup'},
        {kind: 'verdict', verdict: {kind: 'drop'}},
      ],
    ],
    ['flow add @ft accept', [{kind: 'flow'}, {kind: 'verdict', verdict: {kind: 'accept'}}]],
    [
      'tcp dport 80 tproxy to :8080 accept',
      [expect.anything(), {kind: 'tproxy', family: null}, {kind: 'verdict', verdict: {kind: 'accept'}}],
    ],
    // nft 1.0.6 prints nothing of a port that a map gives
    [
      'tproxy to accept',
      [
        {kind: 'tproxy', family: null},
        {kind: 'verdict', verdict: {kind: 'accept'}},
      ],
    ],
    ['tproxy to', [{kind: 'tproxy', family: null}]],
    [
      'tproxy ip6 to [::1]:8080 drop',
      [
        {kind: 'tproxy', family: 'ip6'},
        {kind: 'verdict', verdict: {kind: 'drop'}},
      ],
    ],
    [
      'synproxy mss 1460 wscale 7 timestamp sack-perm drop',
      [{kind: 'synproxy'}, {kind: 'verdict', verdict: {kind: 'drop'}}],
    ],
    ['synproxy name "x" drop', [{kind: 'synproxy'}, {kind: 'verdict', verdict: {kind: 'drop'}}]],
    [
      'fwd to "eth1"',
      [{kind: 'fwd', device: {kind: 'literal', pattern: {kind: 'value', value: 'eth1'}}, neighbour: null}],
    ],
    [
      'fwd ip6 to fe80::1 device "eth1"',
      [
        {
          kind: 'fwd',
          device: {kind: 'literal', pattern: {kind: 'value', value: 'eth1'}},
          neighbour: {family: 'ip6', address: expect.anything()},
        },
      ],
    ],
    [
      'reset tcp option maxseg drop',
      [
        {kind: 'continue', name: 'reset', needs: payload('tcp', 'flags')},
        {kind: 'verdict', verdict: {kind: 'drop'}},
      ],
    ],
    [
      'counter name "c" drop',
      [
        {kind: 'continue', name: 'counter'},
        {kind: 'verdict', verdict: {kind: 'drop'}},
      ],
    ],
    [
      'counter name tcp dport map { 80 : "a", 443 : "b" } drop',
      [
        {kind: 'continue', name: 'counter', needs: expect.objectContaining({kind: 'map'})},
        {kind: 'verdict', verdict: {kind: 'drop'}},
      ],
    ],
    ['limit name "l" drop', [{kind: 'condition'}, {kind: 'verdict', verdict: {kind: 'drop'}}]],
    ['quota name ip saddr map @q drop', [{kind: 'condition'}, {kind: 'verdict', verdict: {kind: 'drop'}}]],
    [
      'ct helper set tcp dport map { 21 : "ftp" } accept',
      [
        {kind: 'continue', name: 'ct', needs: expect.objectContaining({kind: 'map'})},
        {kind: 'verdict', verdict: {kind: 'accept'}},
      ],
    ],
    [
      'meta priority set 1:2 drop',
      [
        {kind: 'continue', name: 'meta priority'},
        {kind: 'verdict', verdict: {kind: 'drop'}},
      ],
    ],
    [
      'ct event set new,related,destroy drop',
      [
        {kind: 'continue', name: 'ct event'},
        {kind: 'verdict', verdict: {kind: 'drop'}},
      ],
    ],
    ['meta pkttype set host', [{kind: 'continue', name: 'meta pkttype'}]],
    ['meta pkttype set other', [{kind: 'opaque', name: 'meta pkttype'}]],
    [
      'meter m size 1024 { ip saddr limit rate 10/second } drop',
      [{kind: 'condition'}, {kind: 'verdict', verdict: {kind: 'drop'}}],
    ],
    [
      'update @m { ip saddr : ip daddr map { 10.0.0.1 : 10.0.0.2 } } drop',
      [
        {kind: 'set-update', operation: 'update', set: 'm', key: [payload('ip', 'saddr')], conditional: false},
        {kind: 'verdict', verdict: {kind: 'drop'}},
      ],
    ],
    ['queue flags bypass to 0', [{kind: 'opaque', name: 'queue'}]],
    ['frobnicate 3 accept', [{kind: 'unknown'}]],
    ['ct state new frobnicate 3', [match(masked(ct('state'), 8), number(0), true), {kind: 'unknown'}]],
    ['xt match "conntrack" drop', [{kind: 'condition'}, {kind: 'verdict', verdict: {kind: 'drop'}}]],
    [
      'tcp option maxseg size set rt mtu',
      [{kind: 'continue', name: 'tcp option maxseg size', needs: payload('tcp', 'flags')}],
    ],
    ['accept comment "hello { \\ there # x" # handle 7', [{kind: 'verdict', verdict: {kind: 'accept'}}]],
  ])('%s', (rule, expected) => {
    expect(parse(rule)).toEqual(expected)
  })

  it.each([
    ['redirect to :tcp dport map { 80 : 8080 } random', null, 8080],
    ['dnat to 10.0.0.1:tcp dport map { 80 : 8080 }', 0x0a000001, 8080],
    ['dnat to ip daddr map { 10.0.0.1 : 10.0.0.2 }:80', undefined, 80],
  ])('%s', (rule, address, port) => {
    const [nat, ...others] = parse(rule) as NftNat[]
    expect(others).toEqual([])
    expect(nat?.address === null ? null : valueOf(nat?.address)).toBe(address)
    const {ports = null} = nat ?? {}
    const mapped = ports?.kind === 'map' && ports.set.kind === 'anonymous' ? ports.set.elements[0]?.data?.[0] : null
    expect(mapped ?? (ports?.kind === 'literal' ? ports.pattern : null)).toMatchObject(
      mapped === null ? {min: port} : {value: port},
    )
  })

  it.each([
    [
      'dnat ip to 10.0.0.1-10.0.0.4:80-90 random,persistent',
      {address: {kind: 'range', min: 0x0a000001, max: 0x0a000004}, ports: {kind: 'range', min: 80, max: 90}},
    ],
    [
      'dnat ip6 to [fd00::1]:80',
      {address: {kind: 'value', value: `${(0xfd00n << 112n) | 1n}n`}, ports: {kind: 'range', min: 80, max: 80}},
    ],
    ['dnat to :80', {address: null, ports: {kind: 'range', min: 80, max: 80}}],
    ['snat to 10.0.0.1', {address: {kind: 'value', value: 0x0a000001}, ports: null}],
    ['masquerade to :1024-65535 fully-random', {address: null, ports: {kind: 'range', min: 1024, max: 65535}}],
  ])('%s', (rule, expected) => {
    const [nat] = parse(rule) as {address: {pattern: object} | null; ports: {pattern: object} | null}[]
    expect({address: nat?.address?.pattern ?? null, ports: nat?.ports?.pattern ?? null}).toEqual(expected)
  })
})

describe('a listing of everything', () => {
  const text = listing('nft/statements.txt')
  const json = listing('nft/statements.json')
  const rules = text.tables.flatMap(table => [...table.chains.values()].flatMap(chain => chain.rules))

  it('holds no statement that is not understood', () => {
    expect(rules.length).toBeGreaterThan(200)
    expect(
      rules.filter(({statements}) => statements.some(({kind}) => kind === 'unknown')).map(({text}) => text),
    ).toEqual([])
  })

  it('reads the same from JSON', () => {
    const others = json.tables.flatMap(table => [...table.chains.values()].flatMap(chain => chain.rules))
    expect(others.map(({statements}) => withoutDefaults(statements))).toEqual(
      rules.map(({statements}) => withoutDefaults(statements)),
    )
    expect(others.map(({handle}) => handle)).toEqual(rules.map(({handle}) => handle))
  })

  it('has the same sets in both', () => {
    const setsOf = ({tables}: NftRuleset): unknown =>
      tables.flatMap(({sets}) =>
        [...sets.values()].map(({name, isMap, dynamic, elements}) => plain({name, isMap, dynamic, elements})),
      )
    expect(setsOf(json)).toEqual(setsOf(text))
  })
})

function valueOf(expression: NftExpression | undefined): unknown {
  return expression?.kind === 'literal' && expression.pattern.kind === 'value' ? expression.pattern.value : undefined
}

/** JSON spells out the answer of a plain `reject`. */
function withoutDefaults(statements: readonly NftStatement[]): unknown {
  return (plain(statements) as {kind: string; with?: {kind: string; code?: string}}[]).map(statement =>
    statement.with?.kind === 'icmpx' && statement.with.code === 'port-unreachable'
      ? {...statement, with: {kind: 'default'}}
      : statement,
  )
}

it('reads what is left of any rule that was cut behind a word', () => {
  const lines = readFileSync(path.join(FIXTURES, 'nft/statements.txt'), 'utf8').split('\n')
  let cuts = 0
  for (const line of lines) {
    for (const {index} of line.matchAll(/\S+\s*|$/g)) {
      parse(line.slice(0, index))
      const set = `table inet t {\n\tset s {\n\t\ttype ipv4_addr . inet_service\n\t\telements = { ${line.slice(0, index)}`
      const {value} = parseNftRuleset({name: 'x', text: set})
      for (const {elements} of value.tables[0]?.sets.values() ?? []) cuts += elements.length + 1
    }
  }
  expect(cuts).toBeGreaterThan(100)
})
