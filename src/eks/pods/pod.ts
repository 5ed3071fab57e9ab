import type {IpamdAddress, PodName, PolicyRule, Route, TableId} from '../../model/index.js'
import type {Address} from '../../net/index.js'
import type {Claim} from '../claim.js'

/** A pod of the node, by its address. One that only a route speaks of has no name. */
export interface Pod {
  readonly address: Address
  /** Null: nothing in the capture names it. */
  readonly name: Claim<PodName> | null
  readonly containerId: string | null
  /** The host's side of its veth; null where neither a route nor its name leads to one. */
  readonly hostInterface: Claim<string> | null
  /** Each `A dev X scope link`; more than one is a fault. */
  readonly routes: readonly Route[]
  /** `to A lookup main`, priority 512. */
  readonly toRules: readonly PolicyRule[]
  /** `from A lookup N`, priority 1536: only for pods of secondary ENIs. */
  readonly fromRules: readonly PolicyRule[]
  /** Where its own packets are routed, marks aside; null where the capture has no rules. */
  readonly table: Claim<TableId> | null
  /** What ipamd's list of ENIs holds of its address; each with the ENI. */
  readonly holdings: readonly {readonly eniId: string; readonly address: IpamdAddress}[]
}

/** `default/web-0`; null where the pod has no name. */
export function podText(pod: Pod): string | null {
  return pod.name && `${pod.name.value.namespace}/${pod.name.value.name}`
}
