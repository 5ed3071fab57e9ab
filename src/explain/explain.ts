import {annotate, type EksNode, identify} from '../eks/index.js'
import {type Explained, Evaluator} from '../evaluate/index.js'
import type {ExplainReport, Flow, NodeState} from '../model/index.js'
import {nameService} from './nameService.js'
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
  return explainKnown(identify(node), flows, options)
}

/** As `explain`, for a node whose pods, ENIs and services have been identified already. */
export function explainKnown(eks: EksNode, flows: readonly Flow[], options: ExplainReportOptions = {}): ExplainReport {
  const explained = flows.map(makeExplainer(eks, options))
  return {
    schema: 'ekspath.explain/1',
    node: describeNode(eks),
    capture: describeCapture(eks.state),
    explanations: explained.map(({explanation}) => explanation),
    assumptions: listAssumptions(explained.flatMap(({assumptions}) => assumptions)),
    findings: [],
    diagnostics: listDiagnostics(eks.state),
  }
}

/**
 * Makes a node ready for many flows.
 * @returns explains one flow, with the names of pods, ENIs and services; throws FlowError where no such packet can be on this node
 */
export function makeExplainer(
  eks: EksNode,
  {brief = false, misses = false}: ExplainReportOptions,
): (flow: Flow) => Explained {
  const evaluator = new Evaluator(eks.state)
  return flow => {
    const {explanation, assumptions} = evaluator.explain(flow, {steps: !brief, misses})
    return {explanation: nameService(eks, annotate(eks, explanation)), assumptions}
  }
}
