import {rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {Evaluator} from '../../../src/evaluate/index.js'
import {loadNode} from '../../../src/node/index.js'
import type {AgentProcess} from '../lab/agentProcess.js'
import {describeOutcome, meetsExpectation} from '../lab/describeOutcome.js'
import {Lab} from '../lab/lab.js'
import {type Measured, measureAgain, measureFlow} from '../lab/measureFlow.js'
import type {KernelFlow, LabBackend, NodeSpec} from '../lab/nodeSpec.js'
import {checkMeasured} from './checkMeasured.js'
import {writeFactFile} from './factFile.js'

/** A flow to try, and what is known of it; null: nothing. */
export interface Trial {
  readonly flow: KernelFlow
  readonly expect: string | null
}

export interface Subject {
  readonly name: string
  /** In a sentence. */
  readonly fact: string
  readonly node: NodeSpec
  readonly backend: LabBackend
  readonly trials: readonly Trial[]
  /** Written by hand: what the tools refuse of it is a mistake. */
  readonly handMade: boolean
}

/** Disagreements that are printed of one node. */
const MAXIMUM_SHOWN = 8

/** A folder that gets what was measured, for tests without a kernel: see fixtures/facts/README.md. */
const {EKSPATH_KERNEL_RECORD: recordFolder} = process.env

/**
 * Builds a node, measures every flow and compares with what is explained from its capture.
 * @throws Error with what is wrong, and where the capture is kept; nothing is kept of a node where all is well
 */
export async function tryNode(agent: AgentProcess, subject: Subject): Promise<void> {
  const {node, backend, trials, handMade} = subject
  const flows = trials.map(trial => trial.flow)
  const lab = await Lab.open(agent, node, backend, flows)
  try {
    const problems = handMade ? lab.built.refused.map(({line, error}) => `refused: ${line}: ${error}`) : []
    const evaluator = new Evaluator(await loadNode(lab.folder))
    const all: Measured[] = []
    for (const {flow, expect} of trials) {
      const judge = (measured: Measured): string[] => {
        const surprises = unexpected(measured, expect)
        return surprises.length > 0 ? surprises : checkMeasured(evaluator, measured, lab)
      }
      let measured = await measureFlow(lab, flow)
      const doubts = judge(measured)
      if (doubts.length > 0) measured = await measureAgain(lab, measured)
      const found = judge(measured)
      // said, so that it cannot become a habit
      if (found.length < doubts.length)
        console.warn(`${subject.name} (${backend}): not seen again: ${doubts.join('\n')}`)
      all.push(measured)
      problems.push(...found)
    }
    if (recordFolder !== undefined && backend === 'nft') {
      const {name, fact} = subject
      writeFactFile(recordFolder, lab.folder, {name, fact, bothBackends: lab.bothBackends, measured: all})
    }
    if (problems.length === 0) {
      rmSync(lab.folder, {recursive: true})
      return
    }
    writeFileSync(path.join(lab.folder, 'flows.jsonl'), flows.map(flow => `${JSON.stringify(flow)}\n`).join(''))
    const more = problems.length > MAXIMUM_SHOWN ? [`… and ${problems.length - MAXIMUM_SHOWN} more`] : []
    throw new Error([`the capture is kept in ${lab.folder}`, ...problems.slice(0, MAXIMUM_SHOWN), ...more].join('\n'))
  } finally {
    await lab.close()
  }
}

/** What this kernel did otherwise than is known of kernels. */
function unexpected({flow, outcomes}: Measured, expect: string | null): string[] {
  if (expect === null) return []
  return outcomes
    .filter(outcome => !meetsExpectation(outcome, expect))
    .map(
      outcome =>
        `not as expected: ${JSON.stringify(flow)}\n  expected ${expect}\n  measured ${describeOutcome(outcome)}`,
    )
}
