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

const lineOf = (document: string): Evidence => ({source: {document, line: 1}, text: ''})

describe('the command that changes a ruleset', () => {
  it.each([
    ['both have rules, the CNI in that of nftables', BARE, WITH_CNI, 'iptables-nft'],
    ['both have rules, the CNI in that of old', WITH_CNI, BARE, 'iptables-legacy'],
    ['there is one', WITH_CNI, null, 'iptables'],
  ])('names the back end of the CNI where %s', (_, legacy, nft, tool) => {
    expect(toolOfCni(nodeWith(legacy, nft))).toBe(tool)
  })

  it('names the back end that a line was read from', () => {
    const node = nodeWith(BARE, WITH_CNI)
    expect(toolOfLine(node, lineOf('iptables-legacy-save.txt'))).toBe('iptables-legacy')
    expect(toolOfLine(node, lineOf('iptables-nft-save.txt'))).toBe('iptables-nft')
    expect(toolOfLine(nodeWith(BARE, null), lineOf('iptables-legacy-save.txt'))).toBe('iptables')
  })
})
