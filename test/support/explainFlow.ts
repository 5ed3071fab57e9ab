import {parseFlowLine} from '../../src/explain/index.js'
import {Evaluator, type Explained, type ExplainOptions} from '../../src/evaluate/index.js'
import type {NodeState} from '../../src/model/index.js'

/** A flow as a line of a bulk file: `{src: '10.0.0.1', dst: '10.0.0.2', proto: 'tcp', dport: 80}`. */
export type FlowWords = Readonly<Record<string, unknown>>

/** What the evaluator says of a flow in words. */
export function explainWords(node: NodeState | Evaluator, flow: FlowWords, options: ExplainOptions = {}): Explained {
  const evaluator = node instanceof Evaluator ? node : new Evaluator(node)
  return evaluator.explain(parseFlowLine(JSON.stringify(flow)), options)
}
