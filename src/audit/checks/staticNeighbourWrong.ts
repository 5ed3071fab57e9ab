import type {Evidence, Link, NamespaceState, Neighbour} from '../../model/index.js'
import {type Address, parseIpv4, parseIpv6} from '../../net/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'

/** The gateway that every pod has, on no interface of the node. */
const GATEWAYS: readonly (Address | null)[] = [parseIpv4('169.254.1.1'), parseIpv6('fe80::1')]

export const staticNeighbourWrong: Check = {
  code: 'EKS114',
  severity: 'error',
  title: 'A pod sends to a MAC address that its veth no longer has',
  meaning:
    "A pod's gateway, 169.254.1.1, is a fixed entry of its neighbour table with the MAC address of the host's side of its veth. When udev gives the veth another " +
    'address (`MACAddressPolicy=persistent`: Ubuntu 22.04, Flatcar, own images of AL2023), all that the pod sends is dropped on arrival. Since ' +
    'CNI 1.20.1 the CNI sets the address itself.',
  signature:
    "The entry for 169.254.1.1 in a pod's namespace has another MAC address than the veth on the host that leads to it. Needs `ip link` and the pod's neighbour table.",
  remedy:
    'Set `MACAddressPolicy=none` for `eni*` (a `.link` file before 99-default.link), or upgrade the CNI to 1.20.1; then recreate the pod.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/2103',
  find: findWrong,
}

function* findWrong({eks}: AuditedNode): Generator<Fault> {
  for (const namespace of eks.state.namespaces) {
    const gateway = namespace.neighbours.find(({address, mac}) => GATEWAYS.includes(address) && mac !== null)
    const veth = gateway && findVeth(eks.state.links ?? [], namespace, gateway)
    if (gateway === undefined || veth?.mac == null || veth.mac === gateway.mac) continue
    const evidence: Evidence[] = [gateway, veth]
    yield {
      text: `What the pod behind ${veth.name} sends goes to ${gateway.mac ?? '?'}, and the veth has ${veth.mac}.`,
      evidence,
      pods: eks.podsOfInterface(veth.name),
      repair: [`ip link set ${veth.name} address ${gateway.mac ?? '?'}`],
    }
  }
}

/** The host's end of the pod's interface that leads to the gateway: by namespace, and by index where the namespace has several. */
function findVeth(links: readonly Link[], namespace: NamespaceState, gateway: Neighbour): Link | undefined {
  const inside = namespace.links.find(({name}) => name === gateway.interface)
  const ends = links.filter(({peerNamespace}) => peerNamespace === namespace.name)
  return (
    ends.find(({index}) => index !== null && inside?.parent === `if${index}`) ??
    (ends.length === 1 ? ends[0] : undefined)
  )
}
