import {CT_KEYS, FIELDS, META_KEYS} from '../../../src/parse/nft/fields.js'
import type {NodeState} from '../../../src/model/index.js'
import {explainWords} from '../../support/explainFlow.js'
import {tinyNode} from '../../support/tinyNode.js'
import {DOCUMENTS} from '../keywords/probe.js'
import {OPPOSITE, truthOf} from '../keywords/truth.js'
import {type ExpressionCase, EXPRESSIONS} from './expressions.js'

/** Drops what the comparison is true of. */
function nodeWith(hook: string, comparison: string): NodeState {
  return tinyNode(
    {},
    {
      ...DOCUMENTS,
      'nft-ruleset.txt': `table inet t {
	set hosts {
		type ipv4_addr
		elements = { 10.0.9.9, 10.0.9.10 }
	}

	set pairs {
		typeof ip daddr . tcp dport
		flags interval
		elements = { 8.8.8.8 . 1-442 }
	}

	set seen {
		type ipv4_addr
		flags dynamic
		elements = { 10.0.9.9 }
	}

	chain c {
		type filter hook ${hook} priority 10; policy accept;
		${comparison} drop
	}
}
`,
    },
  )
}

function expectTruth(hook: string, {text, flow, truth}: ExpressionCase, negation: '' | '!= '): void {
  // with an operator before it, flags and masks are compared as a whole
  const comparison = text.replace('!?', negation === '' && / & |tcp flags/.test(text) ? '== ' : negation)
  const {outcomes} = explainWords(nodeWith(hook, comparison), flow, {steps: false}).explanation
  const expected = negation === '' ? truth : OPPOSITE[truth]
  expect({comparison, truth: truthOf(outcomes)}).toEqual({comparison, truth: expected})
}

describe('each expression of nftables behaves as docs/limitations.md says', () => {
  it.each(EXPRESSIONS.map(probe => [probe.keyword, probe.state, probe] as const))(
    '%s: %s',
    (_keyword, _state, probe) => {
      for (const one of probe.cases) {
        expectTruth(probe.hook, one, '')
        if (one.text.includes('!?')) expectTruth(probe.hook, one, '!= ')
      }
    },
  )

  it('each that the parser knows is among them', () => {
    const known = [
      ...Object.entries(FIELDS).flatMap(([header, fields]) => Object.keys(fields).map(field => `${header} ${field}`)),
      ...Object.keys(META_KEYS).map(key => `meta ${key}`),
      ...Object.keys(CT_KEYS).map(key => `ct ${key}`),
    ]
    const probed = new Set(EXPRESSIONS.map(({keyword}) => keyword))
    expect(known.filter(keyword => !probed.has(keyword))).toEqual([])
  })
})
