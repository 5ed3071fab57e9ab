import {isDeepStrictEqual} from 'node:util'
import type {PolicyRule} from '../../../src/model/index.js'
import {parsePrefix} from '../../../src/net/index.js'
import {parseIpRule} from '../../../src/parse/index.js'
import {codes, format, text} from './support.js'

/** What a line says beyond `from all`. */
function ruleOf(line: string, family: 4 | 6 = 4): Partial<PolicyRule> {
  const {value} = parseIpRule(text(line), family)
  expect(value).toHaveLength(1)
  const plain = parseIpRule(text('0:\tfrom all lookup local'), family).value[0]
  return Object.fromEntries(
    Object.entries(value[0] ?? {}).filter(
      ([key, entry]) =>
        key !== 'source' && key !== 'text' && !isDeepStrictEqual(entry, plain?.[key as keyof PolicyRule]),
    ),
  )
}

describe('parseIpRule', () => {
  it.each<[string, Partial<PolicyRule>]>([
    ['0:\tfrom all lookup local', {}],
    [
      '512:\tfrom all to 10.0.1.61 lookup main',
      {priority: 512, to: parsePrefix('10.0.1.61'), action: {kind: 'lookup', table: 254}},
    ],
    [
      '1536:    from 10.0.1.61 to 10.0.0.0/16 lookup 2 ',
      {
        priority: 1536,
        from: parsePrefix('10.0.1.61'),
        to: parsePrefix('10.0.0.0/16'),
        action: {kind: 'lookup', table: 2},
      },
    ],
    [
      '10: from all iif vlan.eth.1 lookup 101',
      {priority: 10, iif: {name: 'vlan.eth.1', detached: false}, action: {kind: 'lookup', table: 101}},
    ],
    [
      '11:\tfrom all iif ghost0 [detached] lookup 102',
      {priority: 11, iif: {name: 'ghost0', detached: true}, action: {kind: 'lookup', table: 102}},
    ],
    [
      '12:\tfrom all oif eth1 lookup 103',
      {priority: 12, oif: {name: 'eth1', detached: false}, action: {kind: 'lookup', table: 103}},
    ],
    [
      '13:\tnot from 10.0.0.0/16 lookup 104',
      {priority: 13, not: true, from: parsePrefix('10.0.0.0/16'), action: {kind: 'lookup', table: 104}},
    ],
    [
      '1024:\tnot from all to 10.0.0.0/16 lookup main',
      {priority: 1024, not: true, to: parsePrefix('10.0.0.0/16'), action: {kind: 'lookup', table: 254}},
    ],
    ['14:\tfrom all tos 0x10 lookup 105', {priority: 14, tos: 0x10, action: {kind: 'lookup', table: 105}}],
    ['14:\tfrom all tos AF11 lookup 105', {priority: 14, tos: 0x28, action: {kind: 'lookup', table: 105}}],
    [
      '15:\tfrom all fwmark 0x4000 lookup 106',
      {priority: 15, fwmark: {value: 0x4000, mask: 0xffffffff}, action: {kind: 'lookup', table: 106}},
    ],
    [
      '16:\tfrom all fwmark 0x80/0x80 lookup main suppress_prefixlength 0',
      {priority: 16, fwmark: {value: 0x80, mask: 0x80}, suppressPrefixLength: 0, action: {kind: 'lookup', table: 254}},
    ],
    [
      '17:\tfrom all uidrange 1000-1999 lookup 107',
      {priority: 17, uidRange: {min: 1000, max: 1999}, action: {kind: 'lookup', table: 107}},
    ],
    [
      '18:\tfrom all ipproto tcp sport 1000-2000 dport 443 lookup 108',
      {
        priority: 18,
        ipproto: 6,
        sport: {min: 1000, max: 2000},
        dport: {min: 443, max: 443},
        action: {kind: 'lookup', table: 108},
      },
    ],
    ['18:\tfrom all ipproto ipproto-6 lookup 108', {priority: 18, ipproto: 6, action: {kind: 'lookup', table: 108}}],
    [
      '21:\tfrom all to 203.0.113.0/24 unreachable',
      {priority: 21, to: parsePrefix('203.0.113.0/24'), action: {kind: 'unreachable'}},
    ],
    [
      '21:\tfrom all to 203.0.113.0/24 7',
      {priority: 21, to: parsePrefix('203.0.113.0/24'), action: {kind: 'unreachable'}},
    ],
    ['22:\tfrom all blackhole', {priority: 22, action: {kind: 'blackhole'}}],
    ['23:\tfrom all prohibit proto static', {priority: 23, action: {kind: 'prohibit'}, protocol: 'static'}],
    [
      '24:\tfrom 10.5.0.0/16 goto 32766',
      {priority: 24, from: parsePrefix('10.5.0.0/16'), action: {kind: 'goto', priority: 32766, unresolved: false}},
    ],
    [
      '25:\tfrom all goto 40000 [unresolved]',
      {priority: 25, action: {kind: 'goto', priority: 40000, unresolved: true}},
    ],
    ['26:\tfrom all nop', {priority: 26, action: {kind: 'nop'}}],
    ['27:\tfrom all lookup main realms 5/6', {priority: 27, action: {kind: 'lookup', table: 254}}],
    [
      '28:\tfrom all lookup main suppress_ifgroup 7',
      {priority: 28, suppressGroup: '7', action: {kind: 'lookup', table: 254}},
    ],
    ['29:\tfrom all lookup [l3mdev-table]', {priority: 29, action: {kind: 'l3mdev'}}],
    [
      '30:\tfrom all tun_id 7 lookup 109',
      {priority: 30, unmodelled: ['tun_id 7'], action: {kind: 'lookup', table: 109}},
    ],
    ['32:\tfrom all lookup 4294967200 proto unspec', {priority: 32, action: {kind: 'lookup', table: 4294967200}}],
    ['34:\tfrom all lookup 110 dscp EF', {priority: 34, dscp: 46, action: {kind: 'lookup', table: 110}}],
    [
      '38:\tfrom all dport 0x50/0xf0 lookup 111',
      {priority: 38, unmodelled: ['dport 0x50/0xf0'], action: {kind: 'lookup', table: 111}},
    ],
    ['50:\tfrom 0/8 lookup 9', {priority: 50, from: parsePrefix('0.0.0.0/8'), action: {kind: 'lookup', table: 9}}],
  ])('%j', (line, expected) => {
    expect(ruleOf(line)).toEqual(expected)
    expect(parseIpRule(text(line), 4).diagnostics.filter(({severity}) => severity !== 'info')).toEqual([])
  })

  it('keeps IPv6 prefixes', () => {
    expect(ruleOf('50:\tfrom 2001:db8::/32 to fd00::/8 fwmark 0x1/0xff lookup 200', 6)).toEqual({
      priority: 50,
      from: parsePrefix('2001:db8::/32'),
      to: parsePrefix('fd00::/8'),
      fwmark: {value: 1, mask: 0xff},
      action: {kind: 'lookup', table: 200},
    })
  })

  it('cites the line, counted from firstLine', () => {
    const {value} = parseIpRule(
      {name: 'all.txt', text: '0:\tfrom all lookup local \n\n5:\tfrom all nop\n', firstLine: 10},
      4,
    )
    expect(value.map(({source, text}) => ({...source, text}))).toEqual([
      {document: 'all.txt', line: 10, text: '0:\tfrom all lookup local'},
      {document: 'all.txt', line: 12, text: '5:\tfrom all nop'},
    ])
  })

  it('asks rt_tables for names, and keeps what it does not know', () => {
    const source = format('ip-6.1.rule.named-tables.txt')
    const tables = new Map([
      ['eni1', 2],
      ['vlan-pods', 101],
      ['mgmt_vrf', 105],
    ])
    const named = parseIpRule(source, 4, tables)
    expect(named.diagnostics).toEqual([])
    expect(named.value.find(({priority}) => priority === 10)?.action).toEqual({kind: 'lookup', table: 101})
    const unnamed = parseIpRule(source, 4)
    expect(codes(unnamed.diagnostics)).toEqual([
      'UNKNOWN_TABLE_NAME:2',
      'UNKNOWN_TABLE_NAME:6',
      'UNKNOWN_TABLE_NAME:23',
    ])
    expect(unnamed.value.find(({priority}) => priority === 10)?.action).toEqual({kind: 'lookup', table: 'vlan-pods'})
  })

  it('leaves a pasted remark out and says so', () => {
    const {value, diagnostics} = parseIpRule(
      text('10:\tfrom all iif vlan.eth.1 lookup 101   <-- stale, pod is gone'),
      4,
    )
    expect(value[0]).toMatchObject({iif: {name: 'vlan.eth.1'}, action: {kind: 'lookup', table: 101}, unmodelled: []})
    expect(codes(diagnostics)).toEqual(['REPAIRED_TEXT:1'])
  })

  it('makes a rule with an unknown selector unknown, not wider', () => {
    const {value, diagnostics} = parseIpRule(text('10:\tfrom all colour red shape round lookup 7'), 4)
    expect(value[0]?.unmodelled).toEqual(['colour red shape round'])
    expect(value[0]?.action).toEqual({kind: 'lookup', table: 7})
    expect(codes(diagnostics)).toEqual(['UNKNOWN_KEYWORD:1'])
  })

  it.each([
    'from 10.0.0.300',
    'from all to 10.0.0.0/33',
    'from all fwmark 0xzz',
    'from all sport 9-5',
    'from all ipproto foo',
  ])('makes a rule with a bad value unknown: %s', selector => {
    const {value, diagnostics} = parseIpRule(text(`10:\t${selector} lookup 7`), 4)
    expect(value[0]?.unmodelled).toHaveLength(1)
    expect(codes(diagnostics)).toEqual(['BAD_VALUE:1'])
  })

  it('drops a last rule that was cut, and says that what follows is missing', () => {
    const {value, diagnostics} = parseIpRule({name: 'cut', text: '0:\tfrom all lookup local\n1536:\tfrom 10.0.5.7'}, 4)
    expect(value).toHaveLength(1)
    expect(codes(diagnostics)).toEqual(['TRUNCATED:2'])
  })

  it('does not take a rule that an old ip printed without its action for one that does nothing', () => {
    const {value, diagnostics} = parseIpRule(text('29:\tfrom all '), 4)
    expect(value[0]).toMatchObject({action: {kind: 'l3mdev'}, unmodelled: ['an action that was not printed']})
    expect(codes(diagnostics)).toEqual(['LOSSY_TOOL:1'])
  })

  it('knows busybox by its ways, and reads what can be read', () => {
    const {value, diagnostics} = parseIpRule(format('busybox-1.35.rule.txt'), 4)
    expect(diagnostics.map(({code, severity}) => [code, severity])).toContainEqual(['LOSSY_TOOL', 'error'])
    const byPriority = new Map(value.map(rule => [rule.priority, rule]))
    expect(byPriority.get(21)?.action).toEqual({kind: 'unreachable'})
    expect(byPriority.get(22)?.action).toEqual({kind: 'blackhole'})
    expect(byPriority.get(26)?.action).toEqual({kind: 'nop'})
    expect(byPriority.get(24)?.unmodelled).toContain('goto (busybox does not print where to)')
    expect(byPriority.get(32)?.action).toEqual({kind: 'lookup', table: 4294967200})
  })

  it('says what an ip before 4.17 cannot show', () => {
    expect(codes(parseIpRule(text('0:\tfrom all lookup local '), 4).diagnostics)).toEqual(['LOSSY_TOOL:1'])
    expect(parseIpRule(text('0:\tfrom all lookup local'), 4).diagnostics).toEqual([])
  })

  it('notes a rule of the other family', () => {
    const {value, diagnostics} = parseIpRule(text('5:\tfrom 2001:db8::1 lookup 7'), 4)
    expect(value[0]?.family).toBe(6)
    expect(codes(diagnostics)).toEqual(['CONTRADICTION:1'])
  })

  it('sorts a listing that is out of order, as the kernel does, and says so', () => {
    const {value, diagnostics} = parseIpRule(
      text('512:\tfrom all nop', '1536:\tfrom all nop', '1025:\tfrom all nop', '512:\tfrom all blackhole'),
      4,
    )
    expect(value.map(({source}) => source.line)).toEqual([1, 4, 3, 2])
    expect(codes(diagnostics)).toEqual(['CONTRADICTION:3'])
  })

  it.each(['', '\n\n', '[]\n'])('does not take an empty document for "no rules"', empty => {
    expect(codes(parseIpRule({name: 'x', text: empty}, 4).diagnostics)).toEqual(['EMPTY_DOCUMENT:1'])
  })

  it.each([
    'bash: line 1: ip: command not found',
    'sh: 1: ip: not found',
    'timeout: failed to run command ‘ip’: No such file or directory',
    'Option "-j" is unknown, try "ip -help".',
    '"ip rule show" does not take any arguments.',
    'Error: argument "bogus" is wrong: table id value is invalid',
    'sudo: a password is required',
    '[sudo] password for ec2-user: ',
    'Cannot open netlink socket: Protocol not supported',
  ])('knows an error message: %s', message => {
    const {value, diagnostics} = parseIpRule(text(message), 4)
    expect(value).toEqual([])
    expect(diagnostics.map(({code, severity}) => [code, severity])).toEqual([['TOOL_ERROR', 'error']])
  })

  it('reads ip -j, a broken object not taking the others with it', () => {
    const source =
      '[{"priority":0,"src":"all","table":"local"},{"priority":1,"src":"all","table":},{"priority":2,"not":null,"src":"10.0.0.0","srclen":8,"table":"7"},{"prio'
    const {value, diagnostics} = parseIpRule({name: 'x', text: source}, 4)
    expect(value.map(({priority, not, from, action}) => ({priority, not, from, action}))).toEqual([
      {priority: 0, not: false, from: null, action: {kind: 'lookup', table: 255}},
      {priority: 2, not: true, from: parsePrefix('10.0.0.0/8'), action: {kind: 'lookup', table: 7}},
    ])
    expect(diagnostics.map(({code}) => code)).toEqual(expect.arrayContaining(['BAD_JSON', 'TRUNCATED']))
  })

  it('cites the line where an object of ip -j -p begins', () => {
    const source =
      '[ {\n        "priority": 0,\n        "src": "all",\n        "table": "local"\n    },{\n        "priority": 5,\n        "nop": null\n    } ]\n'
    expect(parseIpRule({name: 'x', text: source}, 4).value.map(({source, text}) => [source.line, text])).toEqual([
      [1, '{ "priority": 0, "src": "all", "table": "local" }'],
      [5, '{ "priority": 5, "nop": null }'],
    ])
  })
})
