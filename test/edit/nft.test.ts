import {applyEdits} from '../../src/edit/index.js'
import type {NftElement, NodeState} from '../../src/model/index.js'
import {nodeFrom} from '../support/nodeFrom.js'
import {CHAIN_EDITS, ELEMENT_EDITS, LISTING, REFUSED, RULE_EDITS} from './nftEdits.js'
import {refusalOf} from './support.js'

const node = nodeFrom({'nft-ruleset.txt': LISTING})
const plain = nodeFrom({'nft-ruleset.txt': LISTING.replace(/ # handle \d+/g, '')})

function chainAfter(edit: string, table: string, name: string, state: NodeState = node): readonly string[] {
  const found = applyEdits(state, [edit]).state.nft?.tables.find(each => each.name === table)
  const chain = found?.chains.get(name)
  if (chain === undefined) return ['no chain']
  const {base} = chain
  const policy = base === null ? [] : [`${base.type} ${base.hook} ${base.priority} ${base.policy}`]
  return [...policy, ...chain.rules.map(({number, text}) => `${number} ${text.replace(/ # handle \d+/, '')}`)]
}

function elementsAfter(edit: string, table: string, name: string): readonly string[] {
  const found = applyEdits(node, [edit]).state.nft?.tables.find(each => each.name === table)
  return (found?.sets.get(name)?.elements ?? []).map(({text}: NftElement) => text)
}

describe('nft … rule', () => {
  test.each(RULE_EDITS)('%s', (edit, expected) => {
    expect(chainAfter(edit, 'aws-cni', 'snat-mark')).toEqual(expected)
  })

  it('is read as a listing is: the same rule in the words of either gives the same statements', () => {
    const {state} = applyEdits(node, ['nft add rule aws-cni snat-mark ip daddr 10.0.0.0/16 return'])
    const [first, , added] = state.nft?.tables[0]?.chains.get('snat-mark')?.rules ?? []
    const plainly = (rule: unknown): unknown =>
      JSON.parse(JSON.stringify(rule, (key, value: unknown) => (key === 'source' ? undefined : value)))
    expect(plainly(added?.statements)).toEqual(plainly(first?.statements))
    expect(added?.source).toEqual({document: '--what-if', line: 1})
  })

  it('leaves the state that it was given', () => {
    applyEdits(node, ['nft flush table ip aws-cni'])
    expect(node.nft?.tables[0]?.chains.get('snat-mark')?.ruleCount).toBe(2)
  })
})

describe('nft … chain', () => {
  test.each(CHAIN_EDITS)('%s', (edit, table, chain, expected) => {
    expect(chainAfter(edit, table, chain)).toEqual(expected)
  })
})

describe('nft … element', () => {
  test.each(ELEMENT_EDITS)('%s', (edit, name, expected) => {
    expect(elementsAfter(edit, 'kube-proxy', name)).toEqual(expected)
  })
})

describe('what nft or the kernel would refuse', () => {
  test.each(REFUSED)('%s', (edit, expected) => {
    expect(refusalOf(node, edit)).toContain(expected)
  })

  it('a handle of a listing without handles', () => {
    expect(refusalOf(plain, 'nft delete rule aws-cni snat-mark handle 4')).toContain('collect `nft -a list ruleset`')
  })

  it('anything, where nothing is listed', () => {
    expect(refusalOf(nodeFrom({'ip-rule.txt': '0: from all lookup local'}), 'nft add table ip x')).toContain(
      'no listing of nftables',
    )
  })

  it('to delete an element that a terse listing does not show', () => {
    const terse = nodeFrom({'nft-t-ruleset.txt': LISTING.replace(/\t\telements.*\n/g, '')})
    expect(refusalOf(terse, 'nft delete element kube-proxy blocked { 10.9.0.0/16 }')).toMatch(
      /does not list|no element/,
    )
  })
})
