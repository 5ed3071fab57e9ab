import {annotate, type EksNode, identify} from '../eks/index.js'
import {type Explained, evaluatorOf} from '../evaluate/index.js'
import type {ExplainReport, Flow, NodeState} from '../model/index.js'
import {type EditedEksNode, editNode} from './editNode.js'
import {findingsOnPath} from './findings/findingsOnPath.js'
import {nameService} from './nameService.js'
import {explainWhy} from './whyNot/explainWhy.js'
import {describeCapture, describeNode, listAssumptions, listDiagnostics} from './reportParts.js'

export interface ExplainReportOptions {
  /** Leaves out steps and replies. Default false. */
  readonly brief?: boolean
  /** Also the rules that were tried and did not match. Default false. */
  readonly misses?: boolean
  /** Commands, as `--what-if` takes them: each flow is explained on the node as it would be after them, too. */
  readonly whatIf?: readonly string[] | undefined
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
  const edited = editNode(eks, options.whatIf)
  const explained = flows.map(pairExplainers(explainerOf(eks, options), edited, options))
  return {
    schema: 'ekspath.explain/1',
    node: describeNode(eks),
    capture: describeCapture(eks.state),
    explanations: explained.map(({explanation}) => explanation),
    assumptions: listAssumptions(explained.flatMap(({assumptions}) => assumptions)),
    findings:
      options.brief === true
        ? []
        : findingsOnPath(
            eks,
            explained.map(({explanation}) => explanation),
          ),
    diagnostics: listDiagnostics(eks.state),
    ...(edited === null ? {} : {whatIf: {edits: edited.edits}}),
  }
}

/**
 * Makes a node ready for many flows.
 * @returns explains one flow, with the names of pods, ENIs and services; throws FlowError where no such packet can be on this node
 * @throws EditError where an edit of `whatIf` cannot be
 */
export function makeExplainer(eks: EksNode, options: ExplainReportOptions): Explainer {
  return pairExplainers(explainerOf(eks, options), editNode(eks, options.whatIf), options)
}

type Explainer = (flow: Flow) => Explained

function explainerOf(eks: EksNode, {brief = false, misses = false}: ExplainReportOptions): Explainer {
  const evaluator = evaluatorOf(eks.state)
  return flow => {
    const {explanation, assumptions} = evaluator.explain(flow, {steps: !brief, misses})
    const named = nameService(eks, annotate(eks, explanation))
    const why = brief ? null : explainWhy(eks, flow, named)
    return {explanation: why === null ? named : {...named, why}, assumptions}
  }
}

/** Explains on both nodes. */
function pairExplainers(before: Explainer, edited: EditedEksNode | null, options: ExplainReportOptions): Explainer {
  if (edited === null) return before
  const after = explainerOf(edited.eks, options)
  return flow => {
    const [own, other] = [before(flow), after(flow)]
    return {
      explanation: {...own.explanation, whatIf: other.explanation},
      assumptions: [...own.assumptions, ...other.assumptions],
    }
  }
}
