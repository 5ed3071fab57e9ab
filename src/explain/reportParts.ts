import type {JsonAssumption, JsonCapture, JsonDiagnostic, JsonNode, NodeState} from '../model/index.js'
import type {EksNode} from '../eks/index.js'
import type {Assumption} from '../evaluate/index.js'
import {formatAddress} from '../net/index.js'

/** What was read, and what was not there to read. */
export function describeCapture(node: NodeState): JsonCapture {
  return {
    source: node.origin,
    documents: [...node.documents], // as they are: a digest is made where one is shown
    missing: node.missing.map(({command}) => command),
  }
}

export function listDiagnostics(node: NodeState): JsonDiagnostic[] {
  return node.diagnostics.map(({code, severity, text, source}) => ({code, severity, text, source}))
}

/** Each assumption once, in the order in which the walks made them. */
export function listAssumptions(assumptions: readonly Assumption[]): JsonAssumption[] {
  const seen = new Map<string, JsonAssumption>()
  for (const {code, text, source} of assumptions) {
    const key = `${code} ${text}`
    if (!seen.has(key)) seen.set(key, {code, text, ...(source === null ? {} : {source})})
  }
  return [...seen.values()]
}

export function describeNode(eks: EksNode): JsonNode {
  const {state, address, cni, kubeProxyMode} = eks
  return {
    name: state.hostname,
    primaryIp: address === null ? null : formatAddress(address.value),
    capturedAt: state.capturedAt,
    cni: cni === null ? null : {version: cni.value.text},
    kubeProxyMode: kubeProxyMode?.value ?? null,
  }
}
