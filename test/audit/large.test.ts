import {describe, expect, it} from '@jest/globals'
import {auditNode} from '../../src/explain/index.js'
import {identify} from '../../src/eks/index.js'
import type {AuditReport, Chain, NodeState} from '../../src/model/index.js'
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

interface Spied {
  read?: boolean
}

/** @returns the chains of nat whose names begin so; each has `read` once its rules were asked for */
function spyOnChains({iptables}: NodeState, start: string): Spied[] {
  const chains = iptables.flatMap(({tables}) => [...(tables.get('nat')?.chains.values() ?? [])])
  return chains
    .filter(({name}) => name.startsWith(start))
    .map(chain => {
      const spied: Chain & Spied = chain
      const rules = Reflect.getOwnPropertyDescriptor(Reflect.getPrototypeOf(chain) ?? {}, 'rules')
      Object.defineProperty(chain, 'rules', {
        get: () => {
          spied.read = true
          return Reflect.get(Object.defineProperty({}, 'rules', rules ?? {}), 'rules', chain) as unknown
        },
      })
      return spied
    })
}

describe('a node with 737 pods on 16 ENIs', () => {
  it('has no finding while it is healthy, for which no endpoint is read', () => {
    const state = nodeFrom(TEXTS)
    const endpoints = spyOnChains(state, 'KUBE-SEP-')
    expect(endpoints.length).toBe(1500)
    expect(auditNode(identify(state)).findings).toEqual([])
    expect(endpoints.filter(({read}) => read === true)).toEqual([])
    // the spy sees what is read
    void state.iptables.flatMap(({tables}) => [...(tables.get('nat')?.chains.values() ?? [])].map(({rules}) => rules))
    expect(endpoints.filter(({read}) => read === true).length).toBe(1500)
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
