import {EQUAL_PRIORITY, type JsonOutcome, type JsonStep} from '../../src/model/index.js'
import {describeOrders} from '../../src/render/explain/describeOrders.js'
import {foldCases} from '../../src/render/explain/foldCases.js'
import {foldOrders} from '../../src/render/explain/foldOrders.js'
import {explainWords} from '../support/explainFlow.js'
import {tinyNode} from '../support/tinyNode.js'

const first = (chain: string): string => `if ${chain} runs first (${EQUAL_PRIORITY})`

/** A node with two tables of nftables, each with a chain in FORWARD at priority 0. */
function explain(a: string, b: string, nat = '') {
  const table = (name: string, rule: string): string =>
    `table ip ${name} {\n\tchain c {\n\t\ttype filter hook forward priority 0; policy accept;\n\t\t${rule}\n\t}\n}\n`
  const node = tinyNode({}, {'nft-ruleset.txt': table('a', a) + table('b', b) + nat})
  const flow = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'tcp', sport: 40000, dport: 443}
  return explainWords(node, flow).explanation
}

const rulesOf = ({steps = []}: JsonOutcome): (string | null)[] =>
  steps.filter(({kind}) => kind === 'chain-rule').map(({table}: JsonStep) => table)

describe('foldOrders', () => {
  it('makes one of the orders of chains that meet the same rules and end alike, and says so', () => {
    const explanation = explain('tcp dport 443 counter', 'ip daddr 8.8.8.8 return')
    expect(explanation.outcomes.map(rulesOf).sort()).toEqual([
      ['a', 'b'],
      ['b', 'a'],
    ])
    const folded = foldCases(explanation)
    expect(folded.outcomes.map(({conditions}) => conditions)).toEqual([[]])
    expect(describeOrders(folded)?.facts).toEqual([
      ['equal priority, of which no listing shows the order: the chain c of table ip a and the chain c of table ip b'],
      ['in every order it meets the same rules and ends alike'],
    ])
  })

  it('names each chain once, and what the kernel itself does at the priority of one', () => {
    const orders = ['A runs first, or if B runs first', 'A runs next', 'the nat chains run before A']
    expect(describeOrders({...explain('counter', 'counter'), orders})?.facts.flat()).toEqual([
      'equal priority, of which no listing shows the order: A and B',
      'no listing shows whether the nat chains run before A',
      'in every order it meets the same rules and ends alike',
    ])
  })

  it('folds under each case of chance alike', () => {
    const nat =
      'table ip n {\n\tchain p {\n\t\ttype nat hook prerouting priority -100;\n\t\tdnat to numgen random mod 2 map { 0 : 9.9.9.8, 1 : 9.9.9.9 }\n\t}\n}\n'
    const {outcomes} = foldOrders(explain('counter', 'counter', nat))
    expect(outcomes.map(({packet, conditions, probability}) => [packet.dst, conditions, probability])).toEqual([
      ['9.9.9.8', [], 0.5],
      ['9.9.9.9', [], 0.5],
    ])
  })

  it.each([
    ['one ends alike without any order, and an order otherwise', [[first('a')], [first('b')], []], [0, 2]],
    ['chance makes two cases of one order', [[first('a')], [first('a')], [first('b')]], [0, 1, 2]],
  ])('leaves them apart where %s', (_, conditions, alike) => {
    const [outcome] = explain('counter', 'counter').outcomes as [JsonOutcome]
    const outcomes = conditions.map((each, i): JsonOutcome => ({
      ...outcome,
      conditions: each,
      disposition: alike.includes(i) ? 'forwarded' : 'dropped',
    }))
    expect(foldOrders({...explain('counter', 'counter'), outcomes}).outcomes).toEqual(outcomes)
  })

  it.each([
    ['the rules that are met depend on it', 'drop', 'counter'],
    ['the end depends on it', 'meta mark 0x1 drop', 'meta mark set 0x1'],
  ])('leaves the orders apart where %s', (_, a, b) => {
    const explanation = explain(a, b)
    expect(explanation.outcomes.flatMap(({conditions}) => conditions).sort()).toEqual([
      first('the chain c of table ip a'),
      first('the chain c of table ip b'),
    ])
    expect(foldOrders(explanation)).toBe(explanation)
    expect(describeOrders(foldOrders(explanation))).toBeNull()
  })
})
