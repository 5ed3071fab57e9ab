import type {NodeState} from '../../../src/model/index.js'
import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {asListing, kubeProxyNft} from '../../support/kubeProxyNft.js'
import {lineOf, outcomeLines} from '../../support/outcomeLines.js'
import {saveOf, tinyNode} from '../../support/tinyNode.js'

const UDP: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'udp', sport: 4000, dport: 53}

/** The tiny node with a listing of nftables. Chains are written `chain c { … }` on lines as nft prints them. */
function nodeWith(nft: string, documents: Readonly<Record<string, string | null>> = {}): NodeState {
  return tinyNode({}, {'nft-ruleset.txt': nft, ...documents})
}

function forwardChain(...rules: string[]): string {
  return table('inet t', ['f', 'filter', 'forward', '0', rules])
}

function table(name: string, ...chains: [string, string, string, string, string[]][]): string {
  const lines = chains.flatMap(([chain, type, hook, priority, rules]) => [
    `\tchain ${chain} {`,
    ...(hook === '' ? [] : [`\t\ttype ${type} hook ${hook} priority ${priority}; policy accept;`]),
    ...rules.map(rule => `\t\t${rule}`),
    '\t}',
  ])
  return [`table ${name} {`, ...lines, '}', ''].join('\n')
}

/** Without the reply, which meets the same rules. */
function there(node: NodeState, flow: FlowWords): string[] {
  return explainWords(node, flow, {steps: false}).explanation.outcomes.map(lineOf)
}

function effects(node: NodeState, flow: FlowWords): string[] {
  const [outcome] = explainWords(node, flow).explanation.outcomes
  return (outcome?.steps ?? [])
    .filter(({backend}) => backend === 'nft')
    .map(({kind, chain, rule, target, effect}) => `${kind} ${chain} ${rule} ${target}: ${effect}`)
}

describe('what is not understood is never ignored', () => {
  it('branches on a rule that the grammar does not know', () => {
    expect(there(nodeWith(forwardChain('frobnicate 3 drop')), UDP)).toEqual([
      expect.stringMatching(/^if undetermined \(UNMODELLED_TARGET\)/),
      expect.stringMatching(/^unless forwarded by eth0/),
    ])
  })

  it('ends where a rule does what is not modelled', () => {
    expect(outcomeLines(nodeWith(forwardChain('udp dport 53 queue to 0')), UDP)).toMatch(
      /^undetermined \(UNMODELLED_TARGET\)/,
    )
    expect(outcomeLines(nodeWith(forwardChain('udp dport 54 queue to 0')), UDP)).toMatch(/^forwarded/)
  })

  it('lets synproxy go on with what is no handshake, over IPv4: over IPv6 it may drop that', () => {
    const node = nodeWith(forwardChain('synproxy mss 1460 wscale 7 meta mark set 0x7'))
    const reset = {proto: 'tcp', sport: 4000, dport: 53, tcpFlags: 'RST'} as const
    expect(there(node, {...reset, src: '10.0.9.9', dst: '8.8.8.8'})).toEqual([
      expect.stringMatching(/^forwarded by eth0/),
    ])
    expect(there(node, {...reset, src: '2001:db8:9::9', dst: '2001:db8:ffff::8'})).toEqual([
      expect.stringMatching(/^undetermined \(UNMODELLED_TARGET\)/),
    ])
    expect(there(node, UDP)).toEqual([expect.stringMatching(/^forwarded by eth0/)])
  })

  it('ends where a chain may hook in anywhere', () => {
    const node = nodeWith(table('ip t', ['c', 'filter', 'forward', 'somewhere', ['drop']]))
    expect(outcomeLines(node, UDP)).toMatch(/^undetermined \(UNMODELLED_RULES\)/)
  })

  it('ends at the end of a chain that the capture cuts off', () => {
    const whole = forwardChain('udp dport 54 drop', 'drop')
    const cut = whole.slice(0, whole.indexOf('\t\tdrop\n'))
    expect(outcomeLines(nodeWith(cut), UDP)).toMatch(/^undetermined \(MISSING_INPUT\)/)
  })
})

describe('a listing of the whole ruleset', () => {
  it('tells that iptables-nft holds nothing', () => {
    expect(outcomeLines(nodeWith(forwardChain('udp dport 53 drop'), {'iptables-save.txt': null}), UDP)).toBe(
      'dropped (FILTER_RULE): udp 10.0.9.9:4000 → 8.8.8.8:53',
    )
  })

  it('leaves the tables of a save of iptables-nft to it', () => {
    const nft = table('ip filter', ['FORWARD', 'filter', 'forward', '0', ['drop']])
    const save = saveOf({filter: '-A FORWARD -p udp -j ACCEPT'}).replaceAll('v1.8.7', 'v1.8.7 (nf_tables)')
    expect(outcomeLines(nodeWith(nft, {'iptables-save.txt': save}), UDP)).toMatch(/^forwarded/)
  })
})

describe('equal priorities', () => {
  const both = (first: string, second: string): NodeState =>
    nodeWith(
      table('inet a', ['x', 'filter', 'forward', '0', [first]]) +
        table('inet b', ['x', 'filter', 'forward', '0', [second]]),
    )

  it('walk both orders where the order decides', () => {
    const lines = outcomeLines(both('meta mark set 0x1', 'meta mark set 0x2'), UDP).split('\n')
    expect(lines.map(line => line.split(' ').slice(0, 2).join(' '))).toEqual(['if forwarded', 'if forwarded'])
    expect(lines.map(line => line.split(' ').at(-1)).sort()).toEqual(['0x1', '0x2'])
  })

  // the filter chain drops what the nat chain has not yet sent elsewhere
  const filter: Parameters<typeof table>[1] = ['f', 'filter', 'prerouting', 'dstnat', ['ip daddr 8.8.8.8 drop']]
  const nat: Parameters<typeof table>[1] = ['n', 'nat', 'prerouting', '-90', ['udp dport 53 dnat to 9.9.9.9']]
  const dispositions = (nft: string): string[] =>
    explainWords(nodeWith(nft), UDP).explanation.outcomes.map(
      ({disposition, conditions}) => `${disposition}${conditions.length === 0 ? '' : ` ${conditions.join()}`}`,
    )

  it.each([
    ['the filter chain is the later one of a table', table('ip t', nat, filter), ['dropped']],
    ['the first nat chain of all comes after it', table('ip t', filter, nat), ['forwarded']],
    [
      'another table has nat chains too',
      table('ip t', filter, nat) + table('ip u', ['n', 'nat', 'postrouting', '100', []]),
      [
        'forwarded if the nat chains run before the chain f of table ip t (equal priority: the one registered later, which no listing shows)',
        'dropped if the nat chains run behind the chain f of table ip t (equal priority: the one registered later, which no listing shows)',
      ],
    ],
  ])('with the nat chains: %s', (_, nft, expected) => {
    expect(dispositions(nft)).toEqual(expected)
  })

  it('with connection tracking walk both orders', () => {
    const nft = table('ip t', ['f', 'filter', 'prerouting', '-200', ['ct state invalid drop']])
    expect(dispositions(nft).sort()).toEqual([
      expect.stringMatching(/^dropped if connection tracking runs behind the chain f/),
      expect.stringMatching(/^forwarded if connection tracking runs before the chain f/),
    ])
  })

  it('are one outcome where it does not', () => {
    expect(outcomeLines(both('udp dport 1 drop', 'udp dport 2 drop'), UDP)).toMatch(/^forwarded by eth0[^\n]*$/)
  })
})

describe('sets', () => {
  const dynamic = `table inet t {
	set seen {
		type ipv4_addr
		flags dynamic,timeout
		timeout 1h
		elements = { 10.0.9.9 expires 3m }
	}

	chain f {
		type filter hook forward priority 0; policy accept;
		ip saddr @seen drop
		udp dport 53 update @seen { ip saddr }
		ip saddr @seen meta mark set 0x7
	}
}
`

  it('that change branch, and what a rule puts in is in', () => {
    expect(there(nodeWith(dynamic), UDP)).toEqual([
      expect.stringMatching(/^if dropped/),
      expect.stringMatching(/^unless forwarded by eth0: .* mark 0x7$/),
    ])
  })

  it('whose elements carry a limit branch where one is found, and where it is added again', () => {
    const limited = `table inet t {
	set seen {
		type ipv4_addr
		flags dynamic
		elements = { 10.0.9.9 limit rate 5/second burst 5 packets }
	}

	chain f {
		type filter hook forward priority 0; policy accept;
		add @seen { ip saddr } meta mark set 0x1
		ip saddr != @seen meta mark set 0x2
	}
}
`
    expect(there(nodeWith(limited), UDP).map(line => line.split(' ').slice(-2).join(' '))).toEqual([
      'mark 0x1',
      '→ 8.8.8.8:53',
    ])
  })

  it('that nobody changes are definite, and cite their element', () => {
    const node = nodeWith(`table inet t {
	map v {
		type ipv4_addr . inet_service : verdict
		elements = { 8.8.8.8 . 52 : drop,
			     8.8.8.8 . 53 : jump sub }
	}

	chain sub {
		meta mark set 0x3
	}

	chain f {
		type filter hook forward priority 0; policy accept;
		ip daddr . th dport vmap @v
	}
}
`)
    expect(effects(node, UDP)).toEqual([
      'chain-rule f 1 sub: @v has `8.8.8.8 . 53 : jump sub` (nft-ruleset.txt:5)',
      'chain-rule sub 1 MARK: mark 0x0 → 0x3',
    ])
  })

  it('branch on an open port over the elements that are left', () => {
    const lines = outcomeLines(
      nodeWith(forwardChain('ip daddr . udp dport { 8.8.8.8 . 1, 8.8.8.9 . 2, 8.8.8.8 . 3 } drop')),
      {
        ...UDP,
        dport: null,
      },
    ).split('\n')
    expect(lines).toHaveLength(3)
  })
})

describe('a rule', () => {
  it('that cannot match needs no branch', () => {
    expect(
      outcomeLines(nodeWith(forwardChain('meta skuid 0 ip daddr 1.1.1.1 drop', 'udp dport 9 ip daddr 1.1.1.1 drop')), {
        ...UDP,
        dport: null,
      }),
    ).toMatch(/^forwarded[^\n]*$/)
  })

  it('tells what it did before it failed, though it did not match', () => {
    expect(effects(nodeWith(forwardChain('meta mark set 0x5 udp dport 1 drop')), UDP)).toEqual([
      'chain-miss f 1 MARK: mark 0x0 → 0x5; no match: udp dport 1',
    ])
  })

  it('draws endpoints with exact shares', () => {
    const node = nodeWith(forwardChain('numgen random mod 5 vmap { 0-1 : drop, 2 : accept }', 'meta mark set 0x1'))
    expect(there(node, UDP)).toEqual([
      expect.stringMatching(/^40 % dropped/),
      expect.stringMatching(/^40 % forwarded by eth0: .* mark 0x1$/),
      expect.stringMatching(/^20 % forwarded by eth0/),
    ])
  })
})

describe('kube-proxy in nftables mode', () => {
  const services = Array.from({length: 5000}, (_, i) => ({
    namespace: 'n',
    name: `s${i}`,
    address: `10.100.${i >> 8}.${i & 255}`,
    protocol: 'tcp' as const,
    port: 80,
    endpoints: ['10.0.9.9:8080', `10.0.${i & 127}.7:8080`],
  }))
  const text = kubeProxyNft({
    family: 4,
    podNetwork: '10.0.0.0/16',
    serviceNetwork: '10.100.0.0/16',
    nodeAddresses: ['10.0.0.2'],
    services,
  })

  it('has exact shares among 5,000 services, and parses only what the packet meets', () => {
    const node = nodeWith(asListing(text))
    const outcomes = explainWords(node, {src: '10.0.9.9', dst: '10.100.3.4', proto: 'tcp', sport: 4000, dport: 80})
      .explanation.outcomes
    expect(outcomes.map(({probability, packet}) => [probability, packet.dst])).toEqual([
      [0.5, '10.0.9.9'],
      [0.5, '10.0.4.7'],
    ])
  })
})
