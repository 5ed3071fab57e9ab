import {rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {applyEdits} from '../../src/edit/index.js'
import {identify} from '../../src/eks/index.js'
import {Evaluator} from '../../src/evaluate/index.js'
import {explainKnown, parseFlowLine} from '../../src/explain/index.js'
import type {JsonExplanation, NodeState} from '../../src/model/index.js'
import {loadNode} from '../../src/node/index.js'
import {formatRule} from '../../src/parse/index.js'
import {VETHS} from '../audit/healthyNode.js'
import {compareFlow} from './compare/compareFlow.js'
import {printDisagreement} from './compare/printDisagreement.js'
import type {AgentProcess} from './lab/agentProcess.js'
import {describeKernel} from './lab/describeKernel.js'
import {Lab} from './lab/lab.js'
import {type Measured, measureFlow} from './lab/measureFlow.js'
import {LISTING, withoutMarks} from '../explain/whyNot/nftListing.js'
import type {KernelFlow} from './lab/nodeSpec.js'
import {eksNode, IPAMD} from './whyNot/eksNode.js'
import {type Fault, faultsOf} from './whyNot/faults.js'

const FAULTS = faultsOf({web: VETHS['10.0.5.77'], db: VETHS['10.0.3.17']})

interface Seen {
  readonly node: NodeState
  readonly measured: Measured
  readonly disagreements: (explanation: JsonExplanation) => string[]
}

/** Builds the node, runs the commands on it with the real tools, captures it, and sends the packet. */
async function look(agent: AgentProcess, commands: readonly string[], flow: KernelFlow, nft = false): Promise<Seen> {
  const real = commands.map(command => command.replace(/^iptables /, 'iptables-nft '))
  const spec = eksNode(real)
  const native = {nft: LISTING.replace(/ # handle \d+/g, ''), save: withoutMarks(spec.save)}
  const lab = await Lab.open(agent, nft ? {...spec, ...native} : spec, 'nft', [flow])
  try {
    expect(lab.built.refused).toEqual([])
    for (const [name, text] of Object.entries(IPAMD)) writeFileSync(path.join(lab.folder, name), text)
    const node = await loadNode(lab.folder)
    const measured = await measureFlow(lab, flow)
    const disagreements = (explanation: JsonExplanation): string[] =>
      compareFlow(measured, explanation, lab).map(each => printDisagreement(flow, each))
    return {node, measured, disagreements}
  } finally {
    await lab.close()
    rmSync(lab.folder, {recursive: true})
  }
}

/** All rules and routes of the node, in words that do not depend on who wrote them. */
function wordsOf({routing, iptables}: NodeState): string[] {
  const rules = (routing[4].rules ?? []).map(({text}) => text)
  const routes = (routing[4].routes ?? []).map(({text}) => text)
  const chains = iptables
    .filter(({family}) => family === 4)
    .flatMap(({tables}) => [...tables.values()])
    .flatMap(table =>
      [...table.chains.values()].flatMap(chain => [
        ...(chain.policy === 'DROP' ? [`${table.name} ${chain.name} DROP`] : []),
        ...chain.rules.map((rule, i) => `${table.name} ${i + 1} ${formatRule(chain.name, rule, 4)}`),
      ]),
    )
  return [...rules, ...routes, ...chains].map(text => text.trim().replace(/\s+/g, ' ')).sort()
}

/** `forwarded ens6 10.0.5.77 10.0.44.9 forwarded eni…`, each once. */
function faresOf({outcomes}: Measured): string[] {
  const words = outcomes.map(({dispositions, packet, egress, reply}) =>
    [dispositions, egress, packet?.source, packet?.destination, reply?.dispositions, reply?.egress].flat().join(' '),
  )
  return [...new Set(words)].sort()
}

function expectArrival({measured}: Seen, {egress, replyEgress}: Fault): void {
  for (const {dispositions, egress: out, reply} of measured.outcomes) {
    expect(dispositions).toEqual([egress === null ? 'delivered' : 'forwarded'])
    if (egress === 'eni') expect(out).toMatch(/^eni/)
    else expect(out).toBe(egress)
    expect([reply?.dispositions, reply?.egress]).toEqual([['forwarded'], replyEgress])
  }
}

describeKernel('why not', agent => {
  it('has nothing to say of the whole node', async () => {
    for (const {flow, nft} of new Map(
      FAULTS.map(fault => [`${JSON.stringify(fault.flow)} ${fault.nft ?? ''}`, fault]),
    ).values()) {
      const {node, disagreements} = await look(agent(), [], flow, nft)
      const [explanation] = explainKnown(identify(node), [parseFlowLine(JSON.stringify(flow))]).explanations
      expect(explanation?.why).toBeUndefined()
      expect(disagreements(explanation!)).toEqual([])
    }
  })

  it.each(FAULTS)('$name: the repair that is found makes the flow arrive, and the kernel agrees', async fault => {
    const line = parseFlowLine(JSON.stringify(fault.flow))
    const broken = await look(agent(), fault.damage, fault.flow, fault.nft)
    const [explanation] = explainKnown(identify(broken.node), [line]).explanations
    expect(broken.disagreements(explanation!)).toEqual([])

    const repair = explanation?.why?.[0]?.repair ?? []
    expect(repair.join('\n')).toMatch(fault.repair)
    expect(explanation?.why?.map(({restores}) => restores)).not.toContain(false)

    const edited = applyEdits(broken.node, repair).state
    const repaired = await look(agent(), [...fault.damage, ...repair], fault.flow, fault.nft)
    expect(wordsOf(edited)).toEqual(wordsOf(repaired.node))
    expect(faresOf(repaired.measured)).not.toEqual(faresOf(broken.measured))
    expectArrival(repaired, fault)
    expect(repaired.disagreements(new Evaluator(edited).explain(line).explanation)).toEqual([])
  })
})
