import {readFileSync} from 'node:fs'
import {tryNode} from './compare/tryNode.js'
import {describeKernel} from './lab/describeKernel.js'
import type {LabBackend} from './lab/nodeSpec.js'
import {NATIVE} from './nft/scenarios.js'
import {SCENARIOS} from './scenarios/index.js'

describe('the scenarios', () => {
  it('have a name each', () => {
    expect(SCENARIOS.length).toBeGreaterThanOrEqual(80)
    expect(new Set(SCENARIOS.map(scenario => scenario.name)).size).toBe(SCENARIOS.length)
  })

  it('are all that docs/kernel-facts.md refers to', () => {
    const names = new Set([...SCENARIOS, ...NATIVE].map(scenario => scenario.name))
    const cited = [...readFileSync('docs/kernel-facts.md', 'utf8').matchAll(/\[([a-z0-9.-]+)\]/g)].map(
      ([, name = '']) => name,
    )
    expect(cited.filter(name => !names.has(name))).toEqual([])
  })
})

const runs = SCENARIOS.flatMap(scenario => {
  const backends: LabBackend[] = scenario.node.legacySave === '' ? ['nft', 'legacy'] : ['nft']
  return backends.map(backend => ({...scenario, backend}))
})

describeKernel('kernel facts', agent => {
  it.each(runs)('$name ($backend): $fact', async ({name, fact, node, backend, cases: trials}) => {
    await tryNode(agent(), {name, fact, node, backend, trials, handMade: true})
  })
})
