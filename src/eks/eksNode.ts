import type {NodeState, TableId} from '../model/index.js'
import type {Address} from '../net/index.js'
import type {Claim} from './claim.js'
import type {CniVersion} from './cni/inferCniVersion.js'
import type {Eni} from './enis/eni.js'
import type {KubeProxyMode} from './kubeProxyMode.js'
import type {Pod} from './pods/pod.js'
import type {RoutingIndex} from './routingIndex.js'
import type {ServiceIndex} from './services/serviceIndex.js'

/** Who is who on an EKS node. Null members: the capture does not tell. */
export interface EksNode {
  readonly state: NodeState
  readonly routing: RoutingIndex
  /** The node's primary address, IPv4 before IPv6. */
  readonly address: Claim<Address> | null
  readonly cni: Claim<CniVersion> | null
  readonly kubeProxyMode: Claim<KubeProxyMode> | null
  /** In order of address. */
  readonly pods: readonly Pod[]
  /** ipamd's first, then those that only routes speak of, then branches. */
  readonly enis: readonly Eni[]
  readonly services: ServiceIndex
  podAt(address: Address): Pod | null
  /** @param name `namespace/pod` */
  podsNamed(name: string): readonly Pod[]
  podsOfInterface(name: string): readonly Pod[]
  eniOfInterface(name: string): Eni | null
  eniOfTable(table: TableId): Eni | null
  /** Whose address it is: as ipamd says, or else by the table that the pod's packets use. */
  eniOfPod(pod: Pod): Claim<Eni> | null
}
