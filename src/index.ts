/**
 * The public door of ekspath. Documented in docs/api.md.
 *
 *     import {explain, loadNode, makeFlow, parseAddress} from 'ekspath'
 *
 *     const node = await loadNode('sample:net410')
 *     const report = explain(node, [parseFlowLine('{"src":"192.168.7.62","dst":"10.100.0.10","proto":"udp","dport":53}')])
 */
export * from './net/index.js'
export * from './model/index.js'
export * from './parse/index.js'
export {CollectionError, InputError} from './capture/index.js'
export {loadLive, loadNode, loadSsh} from './node/index.js'
export {type AppliedEdit, applyEdits, type EditedNode, EditError} from './edit/index.js'
export {Evaluator, type Explained, type ExplainOptions, FlowError} from './evaluate/index.js'
export {
  annotate,
  describeAddress,
  describeChain,
  describeInterface,
  type EksNode,
  identify,
  resolveName,
  vethName,
} from './eks/index.js'
export {
  auditNode,
  explain,
  explainKnown,
  type ExplainReportOptions,
  type FlowParts,
  makeExplainer,
  makeFlow,
  parseFlowLine,
} from './explain/index.js'
export {
  colourStyle,
  type Page,
  plainStyle,
  renderAuditText,
  renderExplainMarkdown,
  renderExplainText,
  renderJson,
  type Style,
} from './render/index.js'
