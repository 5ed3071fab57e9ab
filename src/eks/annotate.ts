import type {JsonEgress, JsonExplanation, JsonOrigin, JsonOutcome} from '../model/index.js'
import {parseAddress} from '../net/index.js'
import type {EksNode} from './eksNode.js'
import {podText} from './pods/pod.js'

/** An explanation with the names of the pods and ENIs that its packets come from and go to, replies included. */
export function annotate(node: EksNode, explanation: JsonExplanation): JsonExplanation {
  return {
    ...explanation,
    origin: annotateOrigin(node, explanation),
    outcomes: explanation.outcomes.map(outcome => annotateOutcome(node, outcome)),
  }
}

function annotateOrigin(node: EksNode, {flow, origin}: JsonExplanation): JsonOrigin {
  if (origin.kind !== 'pod') return {...origin, eni: eniIdOf(node, origin.interface)}
  const pod = podOf(node, origin.interface, flow.src)
  return {...origin, pod: pod && podText(pod), eni: pod && (node.eniOfPod(pod)?.value.id ?? null)}
}

function annotateOutcome(node: EksNode, outcome: JsonOutcome): JsonOutcome {
  const {egress, packet, reply} = outcome
  return {
    ...outcome,
    egress: egress && annotateEgress(node, egress, packet.dst),
    ...(reply ? {reply: annotateOutcome(node, reply)} : {}),
  }
}

function annotateEgress(node: EksNode, egress: JsonEgress, destination: string): JsonEgress {
  const pod = podOf(node, egress.interface, egress.nextHop ?? destination)
  return {...egress, eni: eniIdOf(node, egress.interface), pod: pod && podText(pod)}
}

/** The pod behind a veth: the one with the address, where stale routes lead several addresses there. */
function podOf(node: EksNode, name: string | null, address: string | null): ReturnType<EksNode['podAt']> {
  const pods = name === null ? [] : node.podsOfInterface(name)
  const wanted = address === null ? null : parseAddress(address)
  return pods.find(pod => pod.address === wanted) ?? (pods.length === 1 ? (pods[0] ?? null) : null)
}

function eniIdOf(node: EksNode, name: string | null): string | null {
  return name === null ? null : (node.eniOfInterface(name)?.id ?? null)
}
