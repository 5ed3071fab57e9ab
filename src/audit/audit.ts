import {type EksNode, podText} from '../eks/index.js'
import {evaluatorOf, FlowError} from '../evaluate/index.js'
import type {Evidence, Flow, JsonExplanation, JsonFinding, Severity} from '../model/index.js'
import {formatAddress} from '../net/index.js'
import type {AuditedNode, Check, Fault} from './check.js'
import {CHECKS} from './checks/index.js'
import {mergeFaults} from './mergeFaults.js'
import {prove} from './prove.js'

const ORDER: readonly Severity[] = ['error', 'warning', 'info']

/**
 * What is wrong with a node: all that the checks find, worst first. A check whose inputs the capture lacks finds nothing.
 * Reads every chain of services.
 */
export function audit(eks: EksNode, checks: readonly Check[] = CHECKS): JsonFinding[] {
  const node = auditedNode(eks)
  return checks
    .flatMap(check => mergeFaults([...check.find(node)]).map(fault => makeFinding(check, fault, node)))
    .sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || (a.code < b.code ? -1 : 1))
}

function auditedNode(eks: EksNode): AuditedNode {
  const explain = (flow: Flow, reply = false): JsonExplanation | null => {
    try {
      return evaluatorOf(eks.state).explain(flow, {steps: reply}).explanation
    } catch (error) {
      if (error instanceof FlowError) return null
      throw error
    }
  }
  return {eks, explain}
}

function makeFinding(check: Check, fault: Fault, node: AuditedNode): JsonFinding {
  const {code, severity, title, remedy, reference} = check
  const {text, evidence, pods = [], services = [], flow = null, repair} = fault
  const explained = flow && node.explain(flow, true)
  return {
    code,
    severity,
    title,
    text,
    evidence: evidence.map(citation),
    pods: pods.map(pod => ({name: podText(pod), ip: formatAddress(pod.address)})),
    services: [...new Set(services.map(({fullName}) => fullName))],
    flow: explained?.flow ?? null,
    proof: flow && explained && prove(node.eks.state, flow, explained, repair),
    repair: [...repair],
    remedy,
    reference,
  }
}

function citation({source, text}: Evidence): JsonFinding['evidence'][number] {
  return {document: source.document, line: source.line, text: text.trim()}
}
