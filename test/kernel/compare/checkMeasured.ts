import type {Evaluator} from '../../../src/evaluate/index.js'
import {parseFlowLine} from '../../../src/explain/index.js'
import type {JsonExplanation} from '../../../src/model/index.js'
import type {Measured} from '../lab/measureFlow.js'
import {compareFlow} from './compareFlow.js'
import type {CompareContext} from './compareOutcome.js'
import {printDisagreement} from './printDisagreement.js'

/** Explains a measured flow and compares. @returns disagreements for a reader, none where all is well */
export function checkMeasured(evaluator: Evaluator, measured: Measured, context: CompareContext): string[] {
  const line = JSON.stringify(measured.flow)
  let explanation: JsonExplanation
  try {
    ;({explanation} = evaluator.explain(parseFlowLine(line)))
  } catch (error) {
    return [`no explanation of ${line}: ${String(error)}`]
  }
  return compareFlow(measured, explanation, context).map(disagreement => printDisagreement(measured.flow, disagreement))
}
