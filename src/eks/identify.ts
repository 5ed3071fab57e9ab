import {type NodeState, TABLE_MAIN} from '../model/index.js'
import {type Claim, proven} from './claim.js'
import {inferCniVersion} from './cni/inferCniVersion.js'
import type {EksNode} from './eksNode.js'
import type {Eni} from './enis/eni.js'
import {findEnis} from './enis/findEnis.js'
import {findKubeProxyMode} from './kubeProxyMode.js'
import {findNodeAddress} from './nodeAddress.js'
import {findPods} from './pods/findPods.js'
import {type Pod, podText} from './pods/pod.js'
import {indexRouting} from './routingIndex.js'
import {ServiceIndex} from './services/serviceIndex.js'

/**
 * Joins what a capture says of pods, ENIs and services. Reads rules, routes, links and ipamd; of iptables only the CNI's chains and the
 * entry chains of kube-proxy, and those of services when they are asked for.
 */
export function identify(state: NodeState): EksNode {
  const routing = indexRouting(state)
  const pods = findPods(state, routing)
  const enis = findEnis(state, routing)
  const podByAddress = new Map(pods.map(pod => [pod.address, pod]))
  const podsByInterface = groupByKey(pods, pod => pod.hostInterface?.value)
  const podsByName = groupByKey(pods, pod => podText(pod) ?? undefined)
  const enisByInterface = groupByKey(enis, eni => eni.interface?.value)
  const enisByTable = groupByKey(enis, eni => eni.table?.value)
  const enisById = groupByKey(enis, eni => eni.id ?? undefined)
  return {
    state,
    routing,
    address: findNodeAddress(state, routing, 4) ?? findNodeAddress(state, routing, 6),
    cni: inferCniVersion(state),
    kubeProxyMode: findKubeProxyMode(state),
    pods,
    enis,
    services: new ServiceIndex(state),
    podAt: address => podByAddress.get(address) ?? null,
    podsNamed: name => podsByName.get(name) ?? [],
    podsOfInterface: name => podsByInterface.get(name) ?? [],
    eniOfInterface: name => enisByInterface.get(name)?.[0] ?? null,
    eniOfTable: table => enisByTable.get(table)?.[0] ?? null,
    eniOfPod: onceEach(pod => findEniOfPod(pod, enisById, enisByTable)),
  }
}

function findEniOfPod(
  pod: Pod,
  enisById: ReadonlyMap<string, readonly Eni[]>,
  enisByTable: ReadonlyMap<unknown, readonly Eni[]>,
): Claim<Eni> | null {
  const [holding] = pod.holdings
  const holder = holding && enisById.get(holding.eniId)?.[0]
  if (holder !== undefined && holding !== undefined) return proven(holder, "ipamd's list of ENIs", [holding.address])
  const eni = pod.table && enisByTable.get(pod.table.value)?.[0]
  if (pod.table === null || !eni) return null
  const claim = proven(eni, `table ${pod.table.value}, which its packets use`, pod.table.evidence)
  // that a pod has no rule of its own may also mean that the rule was lost
  return {...claim, proven: pod.table.value !== TABLE_MAIN}
}

/** A function that works each answer out once. */
function onceEach<K extends object, V>(answer: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>()
  return key => {
    const old = known.get(key)
    if (old !== undefined) return old
    const made = answer(key)
    known.set(key, made)
    return made
  }
}

/** Values without a key are left out. */
function groupByKey<K, V>(values: readonly V[], keyOf: (value: V) => K | undefined): Map<K, V[]> {
  const groups = new Map<K, V[]>()
  for (const value of values) {
    const key = keyOf(value)
    if (key === undefined) continue
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [value])
    else group.push(value)
  }
  return groups
}
