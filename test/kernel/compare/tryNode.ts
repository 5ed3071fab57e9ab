import {rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {parseFlowLine} from '../../../src/explain/index.js'
import type {JsonExplanation} from '../../../src/model/index.js'
import {Evaluator} from '../../../src/evaluate/index.js'
import {loadNode} from '../../../src/node/index.js'
import type {AgentProcess} from '../lab/agentProcess.js'
import {describeOutcome, meetsExpectation} from '../lab/describeOutcome.js'
import {Lab} from '../lab/lab.js'
import {measureFlow} from '../lab/measureFlow.js'
import type {KernelFlow, LabBackend, NodeSpec} from '../lab/nodeSpec.js'
import {compareFlow} from './compareFlow.js'
import {printDisagreement} from './printDisagreement.js'

/** A flow to try, and what is known of it; null: nothing. */
export interface Trial {
  readonly flow: KernelFlow
  readonly expect: string | null
}

/** Disagreements that are printed of one node. */
const MAXIMUM_SHOWN = 8

/**
 * Builds a node, measures every flow and compares with what is explained from its capture.
 * @param picky also what the tools refuse is a problem
 * @throws Error with what is wrong, and where the capture is kept; nothing is kept of a node where all is well
 */
export async function tryNode(
  agent: AgentProcess,
  spec: NodeSpec,
  backend: LabBackend,
  trials: readonly Trial[],
  picky: boolean,
): Promise<void> {
  const lab = await Lab.open(
    agent,
    spec,
    backend,
    trials.map(trial => trial.flow),
  )
  try {
    const problems = picky ? lab.built.refused.map(({line, error}) => `refused: ${line}: ${error}`) : []
    const evaluator = new Evaluator(await loadNode(lab.folder))
    for (const trial of trials) problems.push(...(await tryFlow(lab, evaluator, trial)))
    if (problems.length === 0) {
      rmSync(lab.folder, {recursive: true})
      return
    }
    writeFileSync(path.join(lab.folder, 'flows.jsonl'), trials.map(({flow}) => `${JSON.stringify(flow)}\n`).join(''))
    const more = problems.length > MAXIMUM_SHOWN ? [`… and ${problems.length - MAXIMUM_SHOWN} more`] : []
    throw new Error([`the capture is kept in ${lab.folder}`, ...problems.slice(0, MAXIMUM_SHOWN), ...more].join('\n'))
  } finally {
    await lab.close()
  }
}

async function tryFlow(lab: Lab, evaluator: Evaluator, {flow, expect}: Trial): Promise<string[]> {
  const measured = await measureFlow(lab, flow)
  const unexpected = measured.outcomes.filter(outcome => expect !== null && !meetsExpectation(outcome, expect))
  if (unexpected.length > 0) {
    return unexpected.map(
      outcome =>
        `not what this kernel does with ${JSON.stringify(flow)}\n  expected ${expect ?? ''}\n  measured ${describeOutcome(outcome)}`,
    )
  }
  const line = JSON.stringify(flow)
  let explanation: JsonExplanation
  try {
    ;({explanation} = evaluator.explain(parseFlowLine(line)))
  } catch (error) {
    return [`no explanation of ${line}: ${String(error)}`]
  }
  return compareFlow(measured, explanation, lab).map(disagreement => printDisagreement(flow, disagreement))
}
