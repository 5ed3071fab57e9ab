import type {Evidence} from '../../model/index.js'
import {type Address, formatAddress, protocolName} from '../../net/index.js'
import type {EksNode} from '../eksNode.js'
import {type Pod, podText} from '../pods/pod.js'
import type {Frontend, ServicePort} from '../services/servicePort.js'
import {nearestNames} from './nearestNames.js'

export type Resolution = ResolvedName | NameProblem

/** What a name stands for, in a form that a flow can be made of. */
export interface ResolvedName {
  readonly kind: 'pod' | 'service' | 'node'
  /** The full name: `default/web-0`, `kube-system/kube-dns:dns`, `node`. */
  readonly name: string
  readonly address: Address
  /** A service's port; null for pods and the node. */
  readonly port: number | null
  /** A service port's protocol number; null: any. */
  readonly protocol: number | null
  readonly evidence: readonly Evidence[]
}

export interface NameProblem {
  readonly kind: 'unknown' | 'ambiguous'
  /** One or two sentences: what is wrong, what could be meant. */
  readonly text: string
  /** Names that could be meant, best first. */
  readonly nearest: readonly string[]
}

/**
 * Finds the pod, service or node that a name stands for.
 *
 *     node
 *     default/web-0             a pod, by namespace and name; without the namespace where that is unique
 *     kube-system/kube-dns:dns  a service's port, by its name or number; without it where the service has only one
 *     pod/default/web-0         for a name that is both
 *     svc/default/web
 *
 * Only whole names count: a guess would explain a packet that nobody asked about.
 * @param protocol of the flow where it is known: decides between a service's tcp and udp port of one number
 */
export function resolveName(node: EksNode, name: string, protocol: number | null = null): Resolution {
  if (name === 'node') return resolveNode(node)
  const [, kind, rest = ''] = /^(pod|svc|service)\/(.+\/.+)$/.exec(name) ?? [undefined, undefined, name]
  const pods = kind === undefined || kind === 'pod' ? findPods(node, rest) : []
  const services = kind === 'pod' ? [] : findServices(node, rest, protocol)
  const found = [...pods, ...services]
  const [only] = found
  if (only === undefined) return unknownName(node, rest, kind)
  return found.length === 1 ? only : ambiguousName(name, pods, services)
}

function resolveNode(node: EksNode): Resolution {
  if (node.address === null) {
    return {kind: 'unknown', text: "The capture does not tell the node's address: give it as an address.", nearest: []}
  }
  const {value: address, evidence} = node.address
  return {kind: 'node', name: 'node', address, port: null, protocol: null, evidence}
}

function findPods(node: EksNode, name: string): ResolvedName[] {
  const pods = name.includes('/')
    ? node.podsNamed(name)
    : node.pods.filter(pod => pod.name !== null && pod.name.value.name === name)
  return pods.map(resolvedPod)
}

function resolvedPod(pod: Pod): ResolvedName {
  const evidence = pod.name?.evidence ?? []
  return {kind: 'pod', name: podText(pod) ?? '', address: pod.address, port: null, protocol: null, evidence}
}

/** One for each port; frontends beside the first one are reached by their address. */
function findServices(node: EksNode, name: string, protocol: number | null): ResolvedName[] {
  const [, service = name, port] = /^(.+):(\d+)$/.exec(name) ?? []
  const byName = matchingPorts(node, name)
  const candidates = byName.length > 0 || port === undefined ? byName : matchingPorts(node, service)
  return candidates
    .filter(candidate => protocol === null || candidate.protocol === protocol)
    .flatMap(candidate => {
      const frontend = candidate.frontends.find(({kind}) => kind !== 'node port')
      if (frontend === undefined) return []
      const fits = port === undefined || byName.length > 0 || frontend.port === Number(port)
      return fits ? [resolvedService(candidate, frontend)] : []
    })
}

function matchingPorts(node: EksNode, name: string): readonly ServicePort[] {
  if (name.includes('/')) return node.services.named(name)
  return node.services.all.filter(
    service => service.name === name || service.fullName === `${service.namespace}/${name}`,
  )
}

function resolvedService(service: ServicePort, frontend: Frontend): ResolvedName {
  const {fullName, protocol} = service
  return {
    kind: 'service',
    name: fullName,
    address: frontend.address as Address,
    port: frontend.port,
    protocol,
    evidence: [frontend.rule],
  }
}

function ambiguousName(name: string, pods: readonly ResolvedName[], services: readonly ResolvedName[]): NameProblem {
  const nearest = pods.length > 0 && services.length > 0 ? kindedNames(pods, services) : wordsOf([...pods, ...services])
  return {kind: 'ambiguous', text: `"${name}" is more than one: ${nearest.slice(0, 5).join(', ')}.`, nearest}
}

function kindedNames(pods: readonly ResolvedName[], services: readonly ResolvedName[]): string[] {
  return [...pods.map(({name}) => `pod/${name}`), ...services.map(({name}) => `svc/${name}`)]
}

/** Names; where two are alike, with what tells them apart. */
function wordsOf(found: readonly ResolvedName[]): string[] {
  const names = new Set(found.map(({name}) => name))
  if (names.size === found.length) return [...names]
  return found.map(({name, address, port, protocol}) => {
    const at = `${formatAddress(address)}${port === null ? '' : ` port ${port}`}`
    return protocol === null ? `${name} (${at})` : `${name} (${at} ${protocolName(protocol)})`
  })
}

function unknownName(node: EksNode, name: string, kind: string | undefined): NameProblem {
  const pods = kind === undefined || kind === 'pod' ? node.pods.flatMap(pod => podText(pod) ?? []) : []
  const services = kind === 'pod' ? [] : node.services.all.map(({fullName}) => fullName)
  const nearest = nearestNames(name, [...pods, ...services])
  const what = kind === 'pod' ? 'pod' : kind === undefined ? 'pod or service' : 'service'
  const hint = nearest.length > 0 ? ` Did you mean ${nearest.join(', ')}?` : inventory(pods.length, services.length)
  return {kind: 'unknown', text: `The capture names no ${what} "${name}".${hint}`, nearest}
}

function inventory(pods: number, services: number): string {
  return pods + services > 0 ? '' : ' It names no pods and no services at all: give an address.'
}
