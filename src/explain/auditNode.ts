import {audit, CHECKS} from '../audit/index.js'
import type {EksNode} from '../eks/index.js'
import type {AuditReport} from '../model/index.js'
import {describeCapture, describeNode, listDiagnostics} from './reportParts.js'

/** What is wrong with a node, as `ekspath audit --json` prints it. */
export function auditNode(eks: EksNode): AuditReport {
  return {
    schema: 'ekspath.audit/1',
    node: describeNode(eks),
    capture: describeCapture(eks.state),
    findings: audit(eks),
    diagnostics: listDiagnostics(eks.state),
  }
}

/** Every check there is, found or not. */
export function listChecks(): {readonly code: string; readonly title: string}[] {
  return CHECKS.map(({code, title}) => ({code, title}))
}
