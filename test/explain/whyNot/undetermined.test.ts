import {explain, parseFlowLine} from '../../../src/explain/index.js'
import type {JsonWhy, NodeState} from '../../../src/model/index.js'
import {tinyNode} from '../../support/tinyNode.js'

const FLOW = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'tcp', sport: 40000, dport: 443}

function whysOf(node: NodeState): JsonWhy[] {
  return explain(node, [parseFlowLine(JSON.stringify(FLOW))]).explanations[0]?.why ?? []
}

const WITHOUT_SET = `table inet guard {
	chain forward {
		type filter hook forward priority filter; policy accept;
		ip daddr @blocked drop
	}
}
`

describe('why an answer is undetermined', () => {
  test.each([
    [
      'no policy rules',
      tinyNode({}, {'ip-rule.txt': null}),
      'routing',
      /no policy rules/,
      /^collect on the node: ip rule show$/,
    ],
    [
      'a set that the listing lacks',
      tinyNode({}, {'nft-ruleset.txt': WITHOUT_SET}),
      'routing',
      /does not hold the set blocked/,
      /^collect on the node: nft -a list ruleset$/,
    ],
    [
      'a target that is not modelled',
      tinyNode({filter: '-A FORWARD -j NFQUEUE --queue-num 0'}),
      'filter/FORWARD',
      /not modelled|NFQUEUE/,
      /read the line that is cited/,
    ],
  ])('%s: what decides, and what would tell', (_, node, stage, text, advice) => {
    const [why, ...others] = whysOf(node)
    expect(others).toEqual([])
    expect(why?.symptom).toBe('what becomes of the packet is not known')
    expect(why?.causes[0]?.stage).toBe(stage)
    expect(why?.causes[0]?.text).toMatch(text)
    expect([why?.advice, why?.repair, why?.restores]).toEqual([expect.stringMatching(advice), [], null])
  })

  it('cites the line that decides', () => {
    const [why] = whysOf(tinyNode({filter: '-A FORWARD -j NFQUEUE --queue-num 0'}))
    expect(why?.causes[0]?.found).toMatchObject({
      document: 'iptables-save.txt',
      text: '-A FORWARD -j NFQUEUE --queue-num 0',
    })
  })
})
