import type {NodeState} from '../../../src/model/index.js'
import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {tinyNode} from '../../support/tinyNode.js'

const UDP: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'udp', sport: 4000, dport: 53}

const RULES = `
	chain f {
		type filter hook forward priority filter; policy accept;
		ip saddr @blocked drop
		udp dport vmap @ports
	}
}
`
const TERSE = `table ip t {
	set blocked {
		type ipv4_addr
	}

	map ports {
		type inet_service : verdict
	}
${RULES}`
/** Elements of one set show that none were left out of the others. */
const WHOLE = TERSE.replace('inet_service : verdict', 'inet_service : verdict\n\t\telements = { 54 : drop }')

function nodeWith(text: string, command: string | null): NodeState {
  const index = {
    schema: 'ekspath.capture/1',
    commands: [{document: 'nft-ruleset.txt', command, exitCode: 0, stderr: '', ms: 1}],
  }
  return tinyNode({}, {'nft-ruleset.txt': text, ...(command === null ? {} : {'capture.json': JSON.stringify(index)})})
}

function outcomes(node: NodeState): string[] {
  return explainWords(node, UDP, {steps: false}).explanation.outcomes.map(({conditions, disposition, reason}) =>
    `${conditions.join(', ')}: ${disposition} ${reason ?? ''}`.trim(),
  )
}

describe('a listing without the elements of sets', () => {
  it.each(['nft -t list ruleset', 'nft -at list ruleset', 'nft --terse list ruleset'])(
    'branches on every look-up where the command was `%s`',
    command => {
      const node = nodeWith(TERSE, command)
      expect(node.nft?.tables[0]?.sets.get('blocked')?.listed).toBe('part')
      expect(node.diagnostics).toContainEqual(expect.objectContaining({code: 'LOSSY_TOOL'}))
      const hint = 'which nft-ruleset.txt shows without elements (collect `nft list ruleset` without `-t`)'
      const blocked = `10.0.9.9 is in the set \`@blocked\`, ${hint}`
      const port = `53 is in the map \`@ports\`, ${hint}`
      expect(outcomes(node).sort()).toEqual([
        `if ${blocked}: dropped FILTER_RULE`,
        `unless ${blocked}, if ${port}: undetermined MISSING_INPUT`,
        `unless ${blocked}, unless ${port}: forwarded`,
      ])
    },
  )

  it('is believed where the command had no -t', () => {
    expect(outcomes(nodeWith(TERSE, 'nft -a list ruleset'))).toEqual([': forwarded'])
  })

  it('is believed where it shows elements of some set', () => {
    expect(outcomes(nodeWith(WHOLE, null))).toEqual([': forwarded'])
    expect(outcomes(nodeWith(WHOLE, 'nft -t list ruleset'))).toEqual([': forwarded'])
  })

  it('is asked for where no command is recorded and no set shows elements', () => {
    const node = nodeWith(TERSE, null)
    expect(node.nft?.tables[0]?.sets.get('blocked')?.listed).toBe('unsure')
    const lines = outcomes(node)
    const terse =
      'nft-ruleset.txt was listed with `-t`, which leaves out the elements of sets (it shows none of any set)'
    expect(lines).toHaveLength(4)
    expect(lines).toContain(`unless ${terse}: forwarded`)
    expect(lines.filter(line => line.startsWith(`if ${terse}, `))).toHaveLength(3)
  })

  it('is told by JSON alike', () => {
    const set = {set: {family: 'ip', name: 'blocked', table: 't', type: 'ipv4_addr', handle: 2}}
    const listing = [{table: {family: 'ip', name: 't', handle: 1}}, set]
    const node = nodeWith(JSON.stringify({nftables: listing}), 'nft -j -t list ruleset')
    expect(node.nft?.tables[0]?.sets.get('blocked')?.listed).toBe('part')
  })
})
