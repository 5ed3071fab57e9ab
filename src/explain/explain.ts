import type {ExplainReport, Flow, NodeState} from '../model/index.js'
import {Evaluator} from '../evaluate/index.js'
import {describeCapture, describeNode, listAssumptions, listDiagnostics} from './reportParts.js'

export interface ExplainReportOptions {
  /** Leaves out steps and replies. Default false. */
  readonly brief?: boolean
  /** Also the rules that were tried and did not match. Default false. */
  readonly misses?: boolean
}

/**
 * What the node does with each flow, as `ekspath explain --json` prints it.
 * @throws FlowError where no such packet can be on this node
 */
export function explain(node: NodeState, flows: readonly Flow[], options: ExplainReportOptions = {}): ExplainReport {
  const evaluator = new Evaluator(node)
  const {brief = false, misses = false} = options
  const explained = flows.map(flow => evaluator.explain(flow, {steps: !brief, misses}))
  return {
    schema: 'ekspath.explain/1',
    node: describeNode(node),
    capture: describeCapture(node),
    explanations: explained.map(({explanation}) => explanation),
    assumptions: listAssumptions(explained.flatMap(({assumptions}) => assumptions)),
    findings: [],
    diagnostics: listDiagnostics(node),
  }
}
