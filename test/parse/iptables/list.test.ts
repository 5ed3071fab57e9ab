import type {Family} from '../../../src/net/index.js'
import type {Chain, ChainRule, Diagnostic} from '../../../src/model/index.js'
import {parseIptablesList, parseIptablesSave} from '../../../src/parse/index.js'
import {codes, fixture, meaning, rulesOf, save} from './support.js'

const COLUMNS = ' pkts bytes target     prot opt in     out     source               destination         '
const ANY = '0.0.0.0/0            0.0.0.0/0           '

function list(text: string, family: Family = 4) {
  return parseIptablesList({name: 'list', text}, {family, table: 'nat'})
}

/** One rule, in a table with the chains X and Y. */
function row(text: string, family: Family = 4): {rule: ChainRule; diagnostics: readonly Diagnostic[]} {
  const {value, diagnostics} = list(
    `Chain X (1 references)\n${COLUMNS}\n${text}\n\nChain Y (0 references)\n${COLUMNS}\n`,
    family,
  )
  return {rule: rulesOf(value, 'nat', 'X')[0] as ChainRule, diagnostics}
}

function saved(spec: string, family: Family = 4): unknown {
  const {value} = save(`*nat\n:X - [0:0]\n:Y - [0:0]\n-A X ${spec}\nCOMMIT\n`, family)
  return meaning(rulesOf(value, 'nat', 'X')[0] as ChainRule)
}

describe('one rule', () => {
  it.each([
    [`    0     0 ACCEPT     0    --  *      *       ${ANY}`, '-j ACCEPT'],
    [`    0     0            0    --  *      *       ${ANY} /* only counts */`, '-m comment --comment "only counts"'],
    [
      `    0     0 Y          all  --  !eni+  vlan+   !10.0.0.0/8          10.0.0.1           [goto]  /* c */`,
      '! -s 10.0.0.0/8 -d 10.0.0.1/32 ! -i eni+ -o vlan+ -m comment --comment c -g Y',
    ],
    [`    0     0 Y          tcp  -f  eni1e3dd7d66d7 *       ${ANY}`, '-i eni1e3dd7d66d7 -p tcp -f -j Y'],
    [`    0     0 Y          !6   !f  *      *       ${ANY}`, '! -p tcp ! -f -j Y'],
    [`    0     0            udplite--  *      *       ${ANY}          udp dpt:53`, '-p udplite -m udp --dport 53'],
    [
      `    0     0 RETURN     all  --  *      *       10.0.0.0/255.0.255.0 0.0.0.0/0`,
      '-s 10.0.0.0/255.0.255.0 -j RETURN',
    ],
  ])('%s', (text, spec) => {
    const {rule, diagnostics} = row(text)
    expect(meaning(rule)).toEqual(saved(spec))
    expect(diagnostics).toEqual([])
  })

  it('of ip6tables before 1.8.9 has an empty opt column', () => {
    const {rule, diagnostics} = row(
      '    0     0 ACCEPT     tcp      lo     *       ::/0                 fd00::1             tcp dpt:80',
      6,
    )
    expect(meaning(rule)).toEqual(saved('-d fd00::1/128 -i lo -p tcp -m tcp --dport 80 -j ACCEPT', 6))
    expect(diagnostics).toEqual([])
    const counting = row(
      '    0     0            icmpv6    *      *       ::/0                 ::/0                 ipv6-icmptype 1 code 0',
      6,
    )
    expect(meaning(counting.rule)).toEqual(saved('-p icmpv6 -m icmp6 --icmpv6-type 1/0', 6))
  })

  it('counts in thousands without -x', () => {
    expect(row(` 307K   15M ACCEPT     0    --  *      *       ${ANY}`).rule.counters).toEqual({
      packets: 307_000,
      bytes: 15_000_000,
    })
  })

  it.each([
    ['tos match 0x10/0x3f', '-m tos --tos 0x10/0x3f'],
    ['mark match !0x1/0x1', '-m mark ! --mark 0x1/0x1'],
    ['CONNMARK restore  mask 0x80', '-j CONNMARK --restore-mark --mask 0x80'],
    ['MAC !00:11:22:33:44:55', '-m mac ! --mac-source 00:11:22:33:44:55'],
    ['state NEW tcp dpt:22', '-m state --state NEW -m tcp --dport 22'],
    ['ctstate NEW ctproto 6 ctdir REPLY', '-m conntrack --ctstate NEW --ctproto 6 --ctdir REPLY'],
    ['ctproto 6 ctstate NEW', '-m conntrack --ctproto 6 -m conntrack --ctstate NEW'],
    ['recent: SET name: A side: source', '-m recent --set --name A --rsource'],
  ])('of older versions: %s', (tail, spec) => {
    const target = tail.startsWith('CONNMARK') ? 'CONNMARK' : ''
    expect(meaning(row(`    0     0 ${target.padEnd(10)} all  --  *      *       ${ANY}${tail}`).rule)).toEqual(
      saved(spec),
    )
  })

  it.each([
    ['    0     0 DNAT       6    --  *      *       ANY frobnicated:5 to:1.1.1.1:80', 'UNKNOWN_KEYWORD', 'dnat'],
    ['    0     0 DNAT       6    --  *      *       ANY [unsupported revision]', 'VERSION_SKEW', 'opaque'],
    ['    0     0 FROBNICATE 6    --  *      *       ANY frob 5', 'UNKNOWN_KEYWORD', 'opaque'],
    ['    0     0 NOWHERE    6    --  *      *       ANY', 'UNDECLARED_CHAIN', 'jump'],
    ['    0     0 ACCEPT     6    --  *      *       ANY quota: 5 bytes', 'AMBIGUOUS_TEXT', 'accept'],
    ['    0     0 ACCEPT     6    --  *      *       anywhere             anywhere', 'UNPARSED_LINE', 'opaque'],
    ['    0     0 ACCEPT     6    --  *', 'UNPARSED_LINE', 'opaque'],
  ])('that cannot be read is never wider: %s', (text, code, kind) => {
    const {rule, diagnostics} = row(text.replace('ANY', ANY))
    expect(diagnostics.map(diagnostic => diagnostic.code)).toContain(code)
    expect(rule.target.kind).toBe(kind)
    const open = rule.matches.some(match => match.kind === 'unrecognised' || match.kind === 'opaque')
    expect(open || kind === 'opaque' || kind === 'jump').toBe(true)
  })
})

describe('comments', () => {
  const comments = (tail: string) => row(`    0     0 Y          0    --  *      *       ${ANY} ${tail}`)

  it('keep their blanks and quotes', () => {
    expect(comments('/*   two  blanks  */ /* it\'s "q" \\ */').rule.matches).toEqual([
      {kind: 'comment', negated: false, text: '  two  blanks '},
      {kind: 'comment', negated: false, text: 'it\'s "q" \\'},
    ])
  })

  it('may hold an end of comment, where only one reading makes sense', () => {
    const {rule, diagnostics} = comments('/* a */ b */ tcp dpt:80')
    expect(rule.comment).toBe('a */ b')
    expect(rule.matches).toHaveLength(2)
    expect(diagnostics).toEqual([])
  })

  it('make a rule unknown, where two readings do', () => {
    const {rule, diagnostics} = comments('/* a */ tcp dpt:80 /* b */')
    expect(codes(diagnostics)).toEqual(['AMBIGUOUS_TEXT:3'])
    expect(rule.target).toMatchObject({kind: 'opaque', recognised: false})
  })
})

describe('a listing', () => {
  it('has chains, policies and references', () => {
    const {value, diagnostics} = list(
      `Chain PREROUTING (policy DROP 307K packets, 15M bytes)\n${COLUMNS}\n    1     2 X          0    --  *      *       ${ANY}\n\n` +
        `Chain X (1 references)\n${COLUMNS}\n\n=======\nTotal Number of Rules: 1\n`,
    )
    expect(value.tables.get('nat')?.chains.get('PREROUTING')).toMatchObject({
      policy: 'DROP',
      ruleCount: 1,
      source: {line: 1},
    })
    expect(value.tables.get('nat')?.chains.get('X')).toMatchObject({policy: null, ruleCount: 0, source: {line: 5}})
    expect(value.complete).toBe(false)
    expect(diagnostics).toEqual([])
  })

  it('may have line numbers', () => {
    const {value} = list(
      `Chain X (0 references)\nnum  ${COLUMNS}\n1        5     6 DROP       0    --  *      *       ${ANY}\n`,
    )
    expect(rulesOf(value, 'nat', 'X')[0]).toMatchObject({counters: {packets: 5, bytes: 6}, target: {kind: 'drop'}})
  })

  it('without -v is refused', () => {
    const {value, diagnostics} = list(
      'Chain X (0 references)\ntarget     prot opt source               destination         \nDROP       all  --  0.0.0.0/0            0.0.0.0/0           \n',
    )
    expect(value.tables.size).toBe(0)
    expect(codes(diagnostics)).toEqual(['LOSSY_TOOL:2'])
  })

  it.each([
    [
      'Another app is currently holding the xtables lock. Stopped waiting after 1s.\n=======\nTotal Number of Rules: 0\n',
      ['TOOL_ERROR:1', 'EMPTY_DOCUMENT:1'],
    ],
    ['', ['EMPTY_DOCUMENT:1']],
    [`    0     0 DROP       0    --  *      *       ${ANY}\n`, ['UNPARSED_LINE:1', 'EMPTY_DOCUMENT:1']],
  ])('that holds none: %j', (text, expected) => {
    const {value, diagnostics} = list(text)
    expect(value.tables.size).toBe(0)
    expect(codes(diagnostics)).toEqual(expected)
  })

  it('that was cut does not trust its last rule', () => {
    const {value, diagnostics} = list(
      `Chain X (0 references)\n${COLUMNS}\n    0     0 DROP       0    --  *      *       ${ANY} mark match 0x1`,
    )
    expect(rulesOf(value, 'nat', 'X')[0]?.target).toMatchObject({kind: 'opaque', recognised: false})
    expect(value.tables.get('nat')?.chains.get('X')?.cut).toBeDefined()
    expect(codes(diagnostics)).toEqual(['TRUNCATED:3'])
  })

  it.each(['filter', 'nat', 'mangle', 'raw'])('of the table %s says the same as the save', table => {
    const whole = parseIptablesSave(fixture('iptables/iptables-save.txt'), {family: 4}).value
    const {value, diagnostics} = parseIptablesList(fixture(`iptables/iptables-nvL-${table}.txt`), {family: 4})
    expect([...value.tables.keys()]).toEqual([table])
    const chains: ReadonlyMap<string, Chain> = whole.tables.get(table)?.chains ?? new Map<string, Chain>()
    expect([...(value.tables.get(table)?.chains.keys() ?? [])].sort()).toEqual([...chains.keys()].sort())
    for (const [chain, {rules, policy}] of chains) {
      expect(rulesOf(value, table, chain).map(meaning)).toEqual(rules.map(meaning))
      expect(value.tables.get(table)?.chains.get(chain)?.policy).toBe(policy)
    }
    expect(diagnostics).toEqual([])
  })
})

describe('each extension', () => {
  const lines = fixture('iptables/extensions.txt').text.trimEnd().split('\n')
  const samples = lines.flatMap((line, i) =>
    line.startsWith('table ') ? [[lines[i + 1] ?? '', lines[i + 2] ?? '', line.slice(6)] as const] : [],
  )

  it.each(samples)('%s', (spec, listed, table) => {
    const chain = spec.split(' ')[1] ?? ''
    const declared = chain === 'CH' ? ':CH - [0:0]\n' : `:CH - [0:0]\n:${chain} ACCEPT [0:0]\n`
    const fromSave = save(`*${table}\n${declared}${spec}\nCOMMIT\n`)
    const fromList = parseIptablesList(
      {
        name: 'list',
        text: `Chain ${chain} (1 references)\n${COLUMNS}\n${listed}\n${chain === 'CH' ? '' : '\nChain CH (1 references)\n'}`,
      },
      {family: 4, table},
    )
    const [expected] = rulesOf(fromSave.value, table, chain)
    const [rule] = rulesOf(fromList.value, table, chain)
    expect(meaning(rule as ChainRule)).toEqual(meaning(expected as ChainRule))
    expect(fromSave.diagnostics).toEqual([])
    expect(codes(fromList.diagnostics)).toEqual(spec.includes('-m quota') ? ['AMBIGUOUS_TEXT:3'] : [])
  })
})
