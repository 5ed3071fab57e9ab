import fc from 'fast-check'
import {hostPrefix, parseAddress, parsePrefix} from '../../../src/net/index.js'
import type {IpSet, IpSetPart, Parsed} from '../../../src/model/index.js'
import {parseIpset} from '../../../src/parse/index.js'
import {codes, fixture} from '../iptables/support.js'

const read = (text: string): Parsed<ReadonlyMap<string, IpSet>> => parseIpset({name: 'ipset', text})
const net = (text: string): IpSetPart => ({kind: 'net', prefix: parsePrefix(text)!})
const port = (protocol: number | null, min: number, max = min): IpSetPart => ({
  kind: 'port',
  protocol,
  range: {min, max},
})

function entry(type: string, element: string) {
  const {value, diagnostics} = read(`create S ${type}\nadd S ${element}\n`)
  return {entry: value.get('S')?.entries[0], diagnostics}
}

describe('entries', () => {
  it.each<[string, string, IpSetPart[]]>([
    ['hash:ip family inet', '10.0.0.1', [net('10.0.0.1')]],
    ['hash:ip family inet6', 'fd00::1', [net('fd00::1')]],
    ['hash:ip family inet netmask 24', '10.0.3.0', [net('10.0.3.0/24')]],
    [
      'hash:ip family inet',
      '10.0.0.1-10.0.0.9',
      [{kind: 'range', first: parseAddress('10.0.0.1')!, last: parseAddress('10.0.0.9')!}],
    ],
    ['hash:net family inet', '10.0.0.0/8', [net('10.0.0.0/8')]],
    ['hash:net,net family inet', '10.0.0.0/8,0.0.0.0/0', [net('10.0.0.0/8'), net('0.0.0.0/0')]],
    ['hash:ip,port family inet', '10.0.0.1,udp:53', [net('10.0.0.1'), port(17, 53)]],
    ['hash:ip,port family inet', '10.0.0.1,80', [net('10.0.0.1'), port(6, 80)]],
    ['hash:ip,port family inet', '10.0.0.1,99:0', [net('10.0.0.1'), port(99, 0)]],
    [
      'hash:ip,port family inet',
      '10.0.0.1,icmp:echo-request',
      [net('10.0.0.1'), {kind: 'icmp', protocol: 1, type: 8, code: 0}],
    ],
    ['hash:ip,port family inet', '10.0.0.1,icmp:8/5', [net('10.0.0.1'), {kind: 'icmp', protocol: 1, type: 8, code: 5}]],
    [
      'hash:net,port,net family inet6',
      'fd00::/8,icmpv6:ping,fd00::1',
      [net('fd00::/8'), {kind: 'icmp', protocol: 58, type: 128, code: 0}, net('fd00::1')],
    ],
    ['hash:ip,mark family inet', '10.0.0.1,0x00000063', [net('10.0.0.1'), {kind: 'mark', mark: 0x63}]],
    ['hash:mac', '00:11:22:33:44:AA', [{kind: 'mac', mac: '00:11:22:33:44:aa' as never}]],
    [
      'hash:net,iface family inet',
      '10.0.0.0/8,physdev:eth1',
      [net('10.0.0.0/8'), {kind: 'interface', name: 'eth1', physdev: true, wildcard: false}],
    ],
    [
      'hash:net,iface family inet',
      '10.0.0.0/8,eni wildcard',
      [net('10.0.0.0/8'), {kind: 'interface', name: 'eni', physdev: false, wildcard: true}],
    ],
    ['bitmap:port range 0-65535', '30000-32767', [port(null, 30000, 32767)]],
    ['bitmap:ip,mac range 10.0.0.0-10.0.0.255', '10.0.0.9', [net('10.0.0.9')]],
    ['list:set size 8', 'other', [{kind: 'member', set: 'other'}]],
  ])('%s: %s', (type, element, parts) => {
    const found = entry(type, element)
    expect(found.entry?.parts).toEqual(parts)
    expect(found.diagnostics).toEqual([])
  })

  it('have options', () => {
    expect(
      entry(
        'hash:net family inet',
        '10.0.0.0/8 timeout 49 packets 3 bytes 99 comment "nomatch" skbmark 0x1/0xff nomatch',
      ).entry,
    ).toMatchObject({nomatch: true, timeout: 49, source: {line: 2}})
    expect(entry('hash:ip family inet timeout 0', '10.0.0.1 timeout 0').entry).toMatchObject({
      nomatch: false,
      timeout: null,
    })
  })

  it.each([
    ['hash:ip family inet', '10.0.0.1.2', 'BAD_VALUE:2'],
    ['hash:ip,port family inet', '10.0.0.1', 'BAD_VALUE:2'],
    ['hash:ip family inet bitmask 255.255.0.255', '10.9.0.7', 'BAD_VALUE:2'],
    ['hash:frob family inet', 'x', 'BAD_VALUE:2'],
    ['hash:ip family inet', '10.0.0.1 frob', 'UNKNOWN_KEYWORD:2'],
  ])('that cannot be read are unknown: %s: %s', (type, element, code) => {
    const found = entry(type, element)
    if (code.startsWith('BAD')) expect(found.entry?.parts.some(part => part.kind === 'unknown')).toBe(true)
    expect(codes(found.diagnostics)).toEqual([code])
  })
})

describe('sets', () => {
  const saved = parseIpset(fixture('ipset/ipset-save.txt'))
  const listed = parseIpset(fixture('ipset/ipset-list.txt'))
  const facts = (sets: ReadonlyMap<string, IpSet>) =>
    new Map(
      [...sets].map(([name, {method, dimensions, family, options, entries}]) => [
        name,
        {
          method,
          dimensions,
          family,
          options,
          entries: entries.map(({parts, nomatch, timeout}) => ({parts, nomatch, timeout})),
        },
      ]),
    )

  it('are the same saved and listed', () => {
    expect(saved.value.size).toBe(15)
    expect(facts(listed.value)).toEqual(facts(saved.value))
    for (const {diagnostics} of [saved, listed])
      expect(codes(diagnostics).map(code => code.split(':')[0])).toEqual(['BAD_VALUE'])
  })

  it('are there once where a document has both', () => {
    const {text} = fixture('ipset/ipset-list.txt')
    const both = read(`${text}\n${fixture('ipset/ipset-save.txt').text}`)
    expect(facts(both.value)).toEqual(facts(saved.value))
    expect(new Set(both.diagnostics.map(({code}) => code))).toEqual(new Set(['BAD_VALUE']))
  })

  it('contradict where the two differ', () => {
    const {value, diagnostics} = read(
      'Name: A\nType: hash:ip\nHeader: family inet\nMembers:\n10.0.0.1\n\ncreate A hash:ip family inet\nadd A 10.0.0.2\n',
    )
    expect(value.get('A')?.entries[0]?.parts).toEqual([{kind: 'net', prefix: hostPrefix(parseAddress('10.0.0.2')!)}])
    expect(codes(diagnostics)).toEqual(['CONTRADICTION:7'])
  })

  it('are left out where their entries are not listed', () => {
    const {value, diagnostics} = read('Name: A\nType: hash:ip\nHeader: family inet\nNumber of entries: 1\n')
    expect(value.has('A')).toBe(false)
    expect(codes(diagnostics)).toEqual(['TRUNCATED:1', 'EMPTY_DOCUMENT:1'])
  })

  it('know how many entries they should have', () => {
    const {diagnostics} = read(
      'Name: A\nType: hash:ip\nHeader: family inet\nNumber of entries: 2\nMembers:\n10.0.0.1\n',
    )
    expect(codes(diagnostics)).toEqual(['TRUNCATED:1'])
  })

  it.each([
    ['ipset not installed\n', ['TOOL_ERROR:1', 'EMPTY_DOCUMENT:1']],
    ['ipset v7.17: Kernel error received: Operation not permitted\n', ['TOOL_ERROR:1', 'EMPTY_DOCUMENT:1']],
    ['', ['EMPTY_DOCUMENT:1']],
    ['add NOSUCH 10.0.0.1\n', ['UNPARSED_LINE:1', 'EMPTY_DOCUMENT:1']],
  ])('are not there: %j', (text, expected) => {
    const {value, diagnostics} = read(text)
    expect(value.size).toBe(0)
    expect(codes(diagnostics)).toEqual(expected)
  })

  it('never make the parser throw', () => {
    const texts = [fixture('ipset/ipset-save.txt').text, fixture('ipset/ipset-list.txt').text]
    const splinter = fc.oneof(
      fc.string({maxLength: 5, unit: 'binary'}),
      fc.constantFrom(',', ':', '-', '/', '\n', '\n\n', '"', 'timeout', 'add ', 'Members:\n'),
    )
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.array(fc.tuple(fc.nat(4000), fc.nat(30), splinter), {maxLength: 12}),
        (text, edits) => {
          read(
            edits.reduce(
              (result, [at, length, insert]) => result.slice(0, at) + insert + result.slice(at + length),
              text,
            ),
          )
        },
      ),
      {numRuns: 200},
    )
  })
})
