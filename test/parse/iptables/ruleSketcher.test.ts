import fc from 'fast-check'
import {type Address, type Ipv4, makePrefix, maskLength} from '../../../src/net/index.js'
import type {ChainRule, IptablesRuleset, Match, RuleSketch} from '../../../src/model/index.js'
import {formatRule} from '../../../src/parse/index.js'
import {match, target} from './arbitrary.js'
import {fixture, save} from './support.js'

/** What a sketch says, as the rule itself would say it: comments aside, in an order of its own. */
function spelledOut({
  source,
  sourceMask,
  notSource,
  destination,
  destinationMask,
  notDestination,
  protocol,
  destinationPort: port,
  probability,
}: RuleSketch): Match[] {
  const prefix = (address: number, mask: number) =>
    makePrefix((address >>> 0) as Ipv4, maskLength((mask >>> 0) as Address) ?? NaN)
  const matches: (Match | null)[] = [
    sourceMask === 0 ? null : {kind: 'source', negated: notSource, prefix: prefix(source, sourceMask)},
    destinationMask === 0
      ? null
      : {kind: 'destination', negated: notDestination, prefix: prefix(destination, destinationMask)},
    protocol === 0 ? null : {kind: 'protocol', negated: false, protocol},
    port === null ? null : {kind: 'destination-port', negated: false, range: {min: port, max: port}},
    probability === null ? null : {kind: 'statistic-random', negated: false, probability},
  ]
  return matches.filter(one => one !== null)
}

const byKind = (a: Match, b: Match): number => a.kind.localeCompare(b.kind)

/** Holds each sketch of a save against the rule in full. @returns how many rules there are, and of how many there is a sketch */
function compare({value, diagnostics}: {value: IptablesRuleset; diagnostics: readonly unknown[]}) {
  let rules = 0
  let sketches = 0
  for (const {chains} of value.tables.values()) {
    for (const chain of chains.values()) {
      for (let position = 0; position < chain.ruleCount; position++) {
        rules++
        const sketch = chain.sketch?.(position) ?? null
        if (sketch === null) continue
        sketches++
        const before = diagnostics.length
        const rule = chain.rule?.(position) as ChainRule
        expect(diagnostics.slice(before)).toEqual([])
        expect({matches: spelledOut(sketch).sort(byKind), target: sketch.target}).toEqual({
          matches: rule.matches.filter(({kind}) => kind !== 'comment').sort(byKind),
          target: rule.target,
        })
      }
    }
  }
  return {rules, sketches}
}

const inTable = (specs: readonly string[]): string =>
  ['*nat', ':X - [0:0]', ':Y - [0:0]', ...specs.map(spec => `-A X ${spec}`), 'COMMIT', ''].join('\n')

describe('sketches of rules', () => {
  it('say of the rules of kube-proxy what the rules say', () => {
    const specs = [
      '-d 10.100.0.10/32 -p udp -m comment --comment "kube-system/kube-dns:dns cluster IP" -m udp --dport 53 -j Y',
      '-m comment --comment "kube-system/kube-dns:dns -> 192.168.1.2:53" -m statistic --mode random --probability 0.50000000000 -j Y',
      '! -s 192.168.0.0/16 -d 10.100.0.10/32 -p tcp -m comment --comment plain -m tcp --dport 53 -j Y',
      '-s 192.168.1.2/32 -m comment --comment "kube-system/kube-dns:dns" -j Y',
      '-p udp -m comment --comment "kube-system/kube-dns:dns" -m udp -j DNAT --to-destination 192.168.1.2:53',
      '-j MARK --set-xmark 0x4000/0x4000',
      '-j RETURN',
    ]
    expect(compare(save(inTable(specs)))).toEqual({rules: 7, sketches: 7})
  })

  it.each([
    '-d 10.0.0.1 -j Y',
    '-d 10.0.0.1/255.0.255.0 -j Y',
    '-d 10.0.0.01/32 -j Y',
    '-d 0.0.0.0/0 -j Y',
    '-d 10.0.0.1/33 -j Y',
    '-d 10.0.0.1/32 -d 10.0.0.2/32 -j Y',
    '! ! -d 10.0.0.1/32 -j Y',
    '! -p tcp -j Y',
    '-p 6 -j Y',
    '-p tcp -m udp --dport 53 -j Y',
    '-p tcp -m tcp --dport 53:54 -j Y',
    '-p tcp -m tcp ! --dport 53 -j Y',
    '-p tcp -m tcp --dport 53 --sport 53 -j Y',
    '-p tcp -m tcp --dport 65536 -j Y',
    '-m comment --comment "a \\" b" -j Y',
    '-m comment --comment a"b" -j Y',
    '-m comment --comment "open -j Y',
    '-m comment --comment  -j Y',
    '-m statistic --mode random --probability 1.5 -j Y',
    '-m statistic --mode random ! --probability 0.5 -j Y',
    '-m statistic --mode nth --every 2 --packet 0 -j Y',
    '-i eth0 -j Y',
    '-j Z',
    '-j DNAT --to-destination 10.0.0.1',
    '-j DNAT --to-destination 10.0.0.1:0',
    '-j DNAT --to-destination 10.0.0.1:53 --random',
    '-j DNAT --to-destination :0 --persistent',
    '-j MARK --set-mark 0x1',
    '-j MARK',
    '-g Y',
    '-j Y -s 10.0.0.1/32',
    '-j Y !',
    '-s 10.0.0.1/32',
  ])('leave `%s` to the parser', spec => {
    expect(compare(save(inTable([spec]))).sketches).toBe(0)
  })

  it('say what the rules of real saves say', () => {
    for (const name of ['iptables/iptables-save.txt', 'net410/iptables-save.txt', 'iptables/extensions.txt']) {
      const {rules, sketches} = compare(save(fixture(name).text))
      expect(rules).toBeGreaterThan(sketches)
    }
    expect(compare(save(fixture('net410/iptables-save.txt').text)).sketches).toBeGreaterThan(20)
  })

  it('say of any rule what the rule says, or nothing', () => {
    const property = fc.property(fc.array(match(4), {maxLength: 4}), target(4, 'Y'), (matches, to) => {
      compare(save(inTable([formatRule('', {matches, target: to}, 4).trim()])))
    })
    fc.assert(property, {numRuns: 500})
  })

  it('say of words in any order what the rule says, or nothing', () => {
    const words = fc.constantFrom(
      ...[
        '-s 10.0.0.1/32',
        '-d 10.0.0.0/8',
        '!',
        '-p tcp',
        '-p udp',
        '-m tcp',
        '-m udp',
        '--dport 53',
        '-m tcp --dport 53',
      ],
      ...[
        '-m comment --comment "a b"',
        '-m comment --comment a',
        '-m statistic --mode random --probability 0.5',
        '\t',
        ' ',
      ],
      ...['-j Y', '-j X', '-j RETURN', '-j DNAT --to-destination 10.0.0.1:53', '-j MARK --set-xmark 0x1/0x1', '0', '"'],
    )
    const property = fc.property(fc.array(words, {maxLength: 6}), parts => {
      compare(save(inTable([parts.join(' ')])))
    })
    fc.assert(property, {numRuns: 5000})
  })

  it('are not made of IPv6', () => {
    expect(compare(save(inTable(['-j RETURN']), 6)).sketches).toBe(0)
  })
})
