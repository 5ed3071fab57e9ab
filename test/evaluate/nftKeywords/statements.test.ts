import {explainWords} from '../../support/explainFlow.js'
import {lineOf} from '../../support/outcomeLines.js'
import {tinyNode} from '../../support/tinyNode.js'
import {type StatementProbe, STATEMENTS} from './statements.js'

function explain({keyword, place, rules, flow}: StatementProbe): string {
  const [type = '', hook = '', priority = ''] = place.split(' ')
  const nft = `table inet t {${keyword === 'dormant' ? '\n\tflags dormant' : ''}
	set seen {
		type ipv4_addr
		flags dynamic
	}

	chain sub {
		udp dport 1 drop
	}

	chain c {
		type ${type} hook ${hook}${hook === 'ingress' ? ' device "veth0"' : ''} priority ${priority}; policy ${keyword === 'policy' ? 'drop' : 'accept'};
		${rules.join('\n\t\t')}
	}
}
`
  const {explanation} = explainWords(tinyNode({}, {'nft-ruleset.txt': nft}), flow, {steps: false})
  return explanation.outcomes.map(lineOf).join('\n')
}

describe('each statement of nftables behaves as docs/limitations.md says', () => {
  it.each(STATEMENTS.map(probe => [probe.keyword, probe.state, probe] as const))(
    '%s: %s',
    (_keyword, _state, probe) => {
      expect(explain(probe).split('\n').sort()).toEqual(probe.expected.split('\n').sort())
    },
  )
})
