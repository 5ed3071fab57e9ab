import {existsSync} from 'node:fs'
import path from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {inspectNode} from '../../src/node/index.js'

/** A folder with captures of other people's making, which this repository may not hold. */
const FOLDER = process.env['EKSPATH_CAPTURES']

/** Name, layout, IPv4 rules and routes, iptables rules of IPv4, neighbours. */
const CAPTURES: readonly (readonly [string, string | null, number, number, number, number | null])[] = [
  ['eks-log-collector-0.7.9.tar.gz', 'eks-log-collector', 13, 20, 133, null],
  ['sosreport-4.0-legacy.tar.xz', 'sos report', 13, 20, 133, 5],
  ['sosreport-4.12.0-nft-allowchanges.tar.xz', 'sos report', 13, 20, 133, 8],
  ['eksnode-live', 'ekspath capture', 13, 20, 133, 7],
  ['eks-real-sgpods', null, 10, 11, 65, 16],
]

const given = FOLDER === undefined ? describe.skip : describe

given(`captures in EKSPATH_CAPTURES (${FOLDER ?? 'not set: skipped'})`, () => {
  it.each(CAPTURES.filter(([name]) => existsSync(path.join(FOLDER ?? '', name))))(
    '%s',
    async (name, layout, rules, routes, iptables, neighbours) => {
      const {node, layout: found} = await inspectNode(path.join(FOLDER ?? '', name))
      expect(found).toBe(layout)
      expect(node.routing[4].rules).toHaveLength(rules)
      expect(node.routing[4].routes).toHaveLength(routes)
      const ofFamily = node.iptables.filter(({family}) => family === 4)
      const counts = ofFamily.flatMap(({tables}) =>
        [...tables.values()].flatMap(table => [...table.chains.values()].map(chain => chain.rules.length)),
      )
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(iptables)
      expect(node.neighbours?.length ?? null).toBe(neighbours)
    },
  )

  it.each([
    'iptables-save.bom.txt',
    'iptables-save.crlf.txt',
    'iptables-save.hard-wrapped-120.txt',
    'iptables-save.html-escaped.txt',
    'iptables-save.indented-markdown.txt',
    'iptables-save.kubectl-exec-banner.txt',
    'iptables-save.more-pager.txt',
    'iptables-save.smart-quotes.txt',
    'iptables-save.ssh-banner.txt',
    'iptables-save.utf16le-powershell.txt',
    'one-terminal-transcript.txt',
  ])('dirty/%s has all of its 133 rules', async name => {
    const {node} = await inspectNode(path.join(FOLDER ?? '', 'dirty', name))
    const chains = [...(node.iptables[0]?.tables.values() ?? [])].flatMap(table => [...table.chains.values()])
    expect(chains.reduce((sum, chain) => sum + chain.rules.length, 0)).toBe(133)
    expect(node.diagnostics.filter(({severity}) => severity !== 'info')).toEqual([])
  })
})
