import {cpSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import type {NodeState} from '../../../src/model/index.js'
import {loadNode} from '../../../src/node/index.js'
import {explainWords, type FlowWords} from '../../support/explainFlow.js'
import {lineOf} from '../../support/outcomeLines.js'
import {saveOf, tinyNode} from '../../support/tinyNode.js'

const UDP: FlowWords = {src: '10.0.9.9', dst: '8.8.8.8', proto: 'udp', sport: 4000, dport: 53}

/** A table of iptables-nft as nft lists it. */
function listing(name: string, base: string, ...rules: string[]): string {
  const [chain = '', type = '', hook = '', priority = ''] = base.split(' ')
  return `# Warning: table ip ${name} is managed by iptables-nft, do not touch!
table ip ${name} {
	chain ${chain} {
		type ${type} hook ${hook} priority ${priority}; policy accept;
		${rules.join('\n\t\t')}
	}
}
`
}

const filter = (...rules: string[]): string => listing('filter', 'FORWARD filter forward filter', ...rules)

function explain(node: NodeState, flow: FlowWords = UDP): {lines: string[]; assumed: string[]} {
  const {explanation, assumptions} = explainWords(node, flow, {steps: false})
  return {lines: explanation.outcomes.map(lineOf).sort(), assumed: assumptions.map(({code}) => code)}
}

const alone = (nft: string): NodeState => tinyNode({}, {'iptables-save.txt': null, 'nft-ruleset.txt': nft})

describe('a table of iptables-nft that only nft lists', () => {
  it('is used, with low confidence that is named', () => {
    const {lines, assumed} = explain(alone(filter('udp dport 53 counter packets 0 bytes 0 drop')))
    expect(lines).toEqual(['dropped (FILTER_RULE): udp 10.0.9.9:4000 → 8.8.8.8:53'])
    expect(assumed).toContain('LOSSY_NFT_LISTING')
  })

  it('is left to the save where there is one', () => {
    const save = saveOf({filter: '-A FORWARD -p udp -j ACCEPT'}).replaceAll('v1.8.7', 'v1.8.7 (nf_tables)')
    const node = tinyNode({}, {'iptables-save.txt': save, 'nft-ruleset.txt': filter('drop')})
    const {lines, assumed} = explain(node)
    expect(lines).toEqual(['forwarded by eth0: udp 10.0.9.9:4000 → 8.8.8.8:53'])
    expect(assumed).not.toContain('LOSSY_NFT_LISTING')
  })

  it('serves for a table that iptables could not list', () => {
    const save = saveOf({})
      .replaceAll('v1.8.7', 'v1.8.7 (nf_tables)')
      .replace(/\*filter[^]*?COMMIT/, "# Table `filter' is incompatible, use 'nft' tool.")
    const node = tinyNode({}, {'iptables-save.txt': save, 'nft-ruleset.txt': filter('ip daddr 8.8.8.8 drop')})
    const {lines, assumed} = explain(node)
    expect(lines).toEqual(['dropped (FILTER_RULE): udp 10.0.9.9:4000 → 8.8.8.8:53'])
    expect(assumed).toContain('LOSSY_NFT_LISTING')
  })

  it.each([
    ['a match without its arguments', 'xt match "set" counter packets 0 bytes 0 drop'],
    ['the status, which may have been a negated list of states', 'ct status dnat counter packets 0 bytes 0 drop'],
  ])('branches on %s', (_, rule) => {
    expect(explain(alone(filter(rule))).lines).toEqual([
      'if dropped (FILTER_RULE): udp 10.0.9.9:4000 → 8.8.8.8:53',
      'unless forwarded by eth0: udp 10.0.9.9:4000 → 8.8.8.8:53',
    ])
  })

  it('ends where a target is without its arguments', () => {
    expect(explain(alone(filter('udp dport 53 xt target "DNAT"'))).lines).toEqual([
      'undetermined (UNMODELLED_TARGET): udp 10.0.9.9:4000 → 8.8.8.8:53',
    ])
  })

  const restore = listing(
    'mangle',
    'PREROUTING filter prerouting mangle',
    'ct mark set ct mark or 0x80',
    'meta mark set ct mark and 0x80',
  )

  it('takes a restored mark as it is where no other bits are set', () => {
    expect(explain(alone(restore)).lines).toEqual(['forwarded by eth0: udp 10.0.9.9:4000 → 8.8.8.8:53 mark 0x80'])
  })

  it('branches on a restored mark where other bits are set: under a mask iptables keeps them', () => {
    expect(explain(alone(restore), {...UDP, mark: 0x10}).lines).toEqual([
      'if forwarded by eth0: udp 10.0.9.9:4000 → 8.8.8.8:53 mark 0x90',
      'unless forwarded by eth0: udp 10.0.9.9:4000 → 8.8.8.8:53 mark 0x80',
    ])
  })

  it('gives the probabilities of `-m statistic`', () => {
    const {explanation} = explainWords(alone(filter('meta random & 2147483647 < 536870912 drop')), UDP, {steps: false})
    expect(explanation.outcomes.map(({probability}) => probability).sort()).toEqual([0.25, 0.75])
  })
})

describe('a node whose iptables rules are in the listing of nftables alone', () => {
  const fixture = path.join(import.meta.dirname, '../../../fixtures/vpc-cni-1.23')
  const copy = mkdtempSync(path.join(tmpdir(), 'ekspath-lossy-'))
  beforeAll(() => {
    cpSync(fixture, copy, {recursive: true})
    rmSync(path.join(copy, 'iptables-save.txt'))
  })
  afterAll(() => rmSync(copy, {recursive: true}))

  it.each<[string, FlowWords]>([
    ['a node port', {src: '198.51.100.9', dst: '10.0.1.10', proto: 'tcp', sport: 40000, dport: 31080, iif: 'ens5'}],
    ['a service', {src: '10.0.5.77', dst: '172.20.118.7', proto: 'tcp', sport: 40000, dport: 80}],
    ['the internet', {src: '10.0.5.77', dst: '203.0.113.1', proto: 'tcp', sport: 40000, dport: 443}],
  ])('is explained as it is by its save: %s', async (_, flow) => {
    const [saved, lossy] = [await loadNode(fixture), await loadNode(copy)]
    const ends = (node: NodeState): unknown[] => {
      const {explanation} = explainWords(node, flow)
      return explanation.outcomes
        .filter(({conditions}) => conditions.every(text => !text.startsWith('if `xt match')))
        .map(({disposition, packet, egress, reply}) => [
          disposition,
          packet,
          egress?.interface,
          reply?.egress?.interface,
        ])
        .map(end => JSON.stringify(end))
        .sort()
    }
    expect([...new Set(ends(lossy))]).toEqual([...new Set(ends(saved))])
  })
})
