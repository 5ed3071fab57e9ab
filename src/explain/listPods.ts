import {formatAddress} from '../net/index.js'
import {type JsonPodRow, TABLE_MAIN, tableName} from '../model/index.js'
import type {EksNode, Pod} from '../eks/index.js'

/** The pods of the node, in order of address; one that only a route speaks of has no name. */
export function listPods(eks: EksNode): JsonPodRow[] {
  return eks.pods.map(pod => ({
    namespace: pod.name?.value.namespace ?? null,
    name: pod.name?.value.name ?? null,
    ip: formatAddress(pod.address),
    interface: pod.hostInterface?.value ?? null,
    eni: eks.eniOfPod(pod)?.value.id ?? null,
    table: pod.table === null || pod.table.value === TABLE_MAIN ? null : tableName(pod.table.value),
    source: firstLine(pod),
  }))
}

function firstLine({name, routes, toRules, fromRules, holdings}: Pod): JsonPodRow['source'] {
  const lines = [
    ...(name?.evidence ?? []),
    ...routes,
    ...toRules,
    ...fromRules,
    ...holdings.map(({address}) => address),
  ]
  return lines[0]?.source ?? null
}
