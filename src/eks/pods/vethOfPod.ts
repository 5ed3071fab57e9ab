import type {EksNode} from '../eksNode.js'
import {vethPrefixOf} from './findPods.js'
import type {Pod} from './pod.js'
import {vethName} from './vethName.js'

/** The host's side of a pod's veth: as a route says, or else the name that the CNI gives it. Null: the pod has no name. */
export function vethOfPod({state}: Pick<EksNode, 'state'>, {hostInterface, name}: Pod): string | null {
  return hostInterface?.value ?? (name && vethName(name.value, vethPrefixOf(state)))
}
