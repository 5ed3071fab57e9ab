import {toolOfCni, toolOfLine} from '../../src/eks/index.js'
import type {Evidence} from '../../src/model/index.js'
import {saveOf, tinyNode} from '../support/tinyNode.js'

const BARE = saveOf({nat: '-A POSTROUTING -j ACCEPT'})
const WITH_CNI = saveOf({nat: '-A POSTROUTING -j AWS-SNAT-CHAIN-0\n-A AWS-SNAT-CHAIN-0 -j RETURN'})

/** @param legacy, nft: what the saves of the back ends hold; null: there is none */
function nodeWith(legacy: string | null, nft: string | null) {
  return tinyNode(
    {},
    {
      'iptables-save.txt': null,
      'iptables-legacy-save.txt': legacy,
      'iptables-nft-save.txt': nft?.replace('v1.8.7', 'v1.8.7 (nf_tables)') ?? null,
    },
  )
}

const lineOf = (document: string): Evidence => ({source: {document, line: 9}, text: ''})

describe('the command that changes a ruleset', () => {
  it.each([
    ['both have rules, the CNI in that of nftables', BARE, WITH_CNI, 'iptables-nft'],
    ['both have rules, the CNI in that of old', WITH_CNI, BARE, 'iptables-legacy'],
    ['there is one', WITH_CNI, null, 'iptables'],
  ])('names the back end of the CNI where %s', (_, legacy, nft, tool) => {
    expect(toolOfCni(nodeWith(legacy, nft))).toBe(tool)
  })

  it('tells the commands of a transcript apart by the lines that they stand at', () => {
    const saves = (['iptables-save', 'ip6tables-save'] as const).map(
      tool => `$ ${tool}\n${saveOf({nat: '-A POSTROUTING -j ACCEPT'}, tool)}`,
    )
    const node = tinyNode({}, {'iptables-save.txt': null, 'ip6tables-save.txt': null, 'node.txt': saves.join('')})
    const lines = saves.map(save => save.split('\n').length - 1)
    expect(node.iptables.map(({document, family}) => [document, family])).toEqual([
      ['node.txt', 4],
      ['node.txt', 6],
    ])
    const toolAt = (line: number): string => toolOfLine(node, {source: {document: 'node.txt', line}, text: ''})
    expect([toolAt(lines[0] ?? 0), toolAt((lines[0] ?? 0) + (lines[1] ?? 0))]).toEqual(['iptables', 'ip6tables'])
  })

  it('names the back end that a line was read from', () => {
    const node = nodeWith(BARE, WITH_CNI)
    expect(toolOfLine(node, lineOf('iptables-legacy-save.txt'))).toBe('iptables-legacy')
    expect(toolOfLine(node, lineOf('iptables-nft-save.txt'))).toBe('iptables-nft')
    expect(toolOfLine(nodeWith(BARE, null), lineOf('iptables-legacy-save.txt'))).toBe('iptables')
  })
})
