import {describe, expect, it} from '@jest/globals'
import {auditNode} from '../../src/explain/index.js'
import {identify} from '../../src/eks/index.js'
import type {AuditReport, NodeState} from '../../src/model/index.js'
import {plainStyle, renderAuditText} from '../../src/render/index.js'
import {largeNode} from '../support/largeNode.js'
import {nodeFrom} from '../support/nodeFrom.js'

/** The largest node there is: 15 ENIs with 50 addresses each beside the primary one. */
const TEXTS = largeNode({pods: 737, enis: 16, services: 300, endpoints: 5})
/** Lines of a terminal that fills a screen, and what is always said at the end of an answer. */
const SCREEN = 50

function auditWith(document: string, from: RegExp, to: string | ((...groups: string[]) => string)): AuditReport {
  const text = TEXTS[document] ?? ''
  return auditNode(identify(nodeFrom({...TEXTS, [document]: text.replace(from, to as string)})))
}

function spyOnChains({iptables}: NodeState, start: string): number {
  const chains = iptables.flatMap(({tables}) => [...(tables.get('nat')?.chains.values() ?? [])])
  let read = 0
  for (const chain of chains.filter(({name}) => name.startsWith(start))) {
    const rules = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(chain), 'rules')?.get
    if (rules === undefined) throw new Error('chains are not lazy')
    Object.defineProperty(chain, 'rules', {
      get() {
        read += 1
        return rules.call(chain) as unknown
      },
    })
    Object.defineProperty(chain, 'read', {get: () => read})
  }
  return chains.length
}

describe('a node with 737 pods on 16 ENIs', () => {
  it('has no finding while it is healthy, for which no endpoint is read', () => {
    const state = nodeFrom(TEXTS)
    expect(spyOnChains(state, 'KUBE-SEP-')).toBeGreaterThan(1500)
    expect(auditNode(identify(state)).findings).toEqual([])
    const read = state.iptables.flatMap(({tables}) =>
      [...(tables.get('nat')?.chains.values() ?? [])].map(chain => (chain as unknown as {read?: number}).read ?? 0),
    )
    expect(Math.max(...read)).toBe(0)
  })

  it.each<[string, string, RegExp, string | ((...groups: string[]) => string), string, number]>([
    ['all rules from pods', 'ip-rule.txt', /^1536:.*\n/gm, '', 'EKS101', 690],
    ['all rules to pods', 'ip-rule.txt', /^512:.*\n/gm, '', 'EKS102', 737],
    [
      'the table of every pod',
      'ip-rule.txt',
      /^(1536:\s+from \S+ lookup) (\d+)/gm,
      (_, rule = '', table = '') => `${rule} ${((Number(table) - 1) % 15) + 2}`,
      'EKS103',
      690,
    ],
    ['all routes to pods', 'ip-route.txt', /^10\.0\.\d+\.\d+ dev eni.*\n/gm, '', 'EKS106', 737],
    ['every default route', 'ip-route.txt', /^default via 10.0.0.1 dev eth\d+ table.*\n/gm, '', 'EKS105', 690],
  ])('tells %s on one screen', (_, document, from, to, code, pods) => {
    const report = auditWith(document, from, to)
    expect(report.findings.map(finding => [finding.code, finding.pods.length])).toEqual([[code, pods]])
    for (const width of [80, 120, 200]) {
      const lines = renderAuditText(report, {width, style: plainStyle}).split('\n')
      expect(lines.length).toBeLessThan(SCREEN)
      expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(width)
    }
  })
})
