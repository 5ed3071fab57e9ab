import type {JsonExplanation, JsonOutcome} from '../model/index.js'
import {parseAddress} from '../net/index.js'
import type {EksNode} from './eksNode.js'
import {eniRole} from './describe/eniRole.js'
import {podText} from './pods/pod.js'

/** Writes the names of the pods and ENIs that its packets come from and go to into an explanation, replies included. */
export function annotate(node: EksNode, explanation: JsonExplanation): JsonExplanation {
  annotateOrigin(node, explanation)
  for (const outcome of explanation.outcomes) annotateOutcome(node, outcome)
  return explanation
}

function annotateOrigin(node: EksNode, {flow, origin}: JsonExplanation): void {
  if (origin.kind !== 'pod') {
    origin.eni = eniIdOf(node, origin.interface)
    return
  }
  const pod = podOf(node, origin.interface, flow.src)
  origin.pod = pod && podText(pod)
  origin.eni = pod && (node.eniOfPod(pod)?.value.id ?? null)
}

function annotateOutcome(node: EksNode, {egress, packet, reply}: JsonOutcome): void {
  if (egress !== null) {
    const pod = podOf(node, egress.interface, egress.nextHop ?? packet.dst)
    const eni = node.eniOfInterface(egress.interface)
    egress.eni = eni?.id ?? null
    if (eni !== null) egress.role = eniRole(eni)
    egress.pod = pod && podText(pod)
  }
  if (reply != null) annotateOutcome(node, reply)
}

/** The pod behind a veth: the one with the address, where stale routes lead several addresses there. */
function podOf(node: EksNode, name: string | null, address: string | null): ReturnType<EksNode['podAt']> {
  const pods = name === null ? [] : node.podsOfInterface(name)
  if (pods.length === 0) return null
  const wanted = address === null ? null : parseAddress(address)
  return pods.find(pod => pod.address === wanted) ?? (pods.length === 1 ? (pods[0] ?? null) : null)
}

function eniIdOf(node: EksNode, name: string | null): string | null {
  return name === null ? null : (node.eniOfInterface(name)?.id ?? null)
}
