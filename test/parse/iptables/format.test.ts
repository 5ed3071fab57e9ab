import fc from 'fast-check'
import {formatRule} from '../../../src/parse/index.js'
import {matchList, target} from './arbitrary.js'
import {fixture, meaning, rulesOf, save} from './support.js'

describe('formatRule', () => {
  it.each([4, 6] as const)('prints every rule of IPv%i so that it reads the same', family => {
    const protocol = fc.option(fc.constantFrom(6, 17, 33, 132, 136, 1, 47))
    fc.assert(
      fc.property(protocol, matchList(family), target(family, 'Y'), (number, matches, verdict) => {
        const first = number === null ? [] : [{kind: 'protocol' as const, negated: false, protocol: number}]
        const rule = {matches: [...first, ...matches], target: verdict}
        const line = formatRule('X', rule, family)
        const {value} = save(`*nat\n:X - [0:0]\n:Y - [0:0]\n${line}\nCOMMIT\n`, family)
        expect(rulesOf(value, 'nat', 'X')[0]).toMatchObject(rule)
      }),
      {numRuns: 500},
    )
  })

  it.each(['iptables/iptables-save.txt', 'net410/iptables-save.txt', 'demystify/iptables-save.txt'])(
    'prints the rules of %s so that they read the same',
    name => {
      for (const [, {chains}] of save(fixture(name).text).value.tables) {
        const declared = [...chains.keys()].map(chain => `:${chain} - [0:0]`)
        const lines = [...chains].flatMap(([chain, {rules}]) => rules.map(rule => formatRule(chain, rule, 4)))
        const printed = save(['*nat', ...declared, ...lines, 'COMMIT', ''].join('\n'))
        for (const [chain, {rules}] of chains) {
          expect(rulesOf(printed.value, 'nat', chain).map(meaning)).toEqual(rules.map(meaning))
        }
        expect(printed.diagnostics).toEqual([])
      }
    },
  )
})
