import {endpointsOf, servicesSendingTo} from '../../eks/index.js'
import {formatAddress} from '../../net/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {idleAddresses} from '../idleAddresses.js'
import {tcpProbe} from '../probe.js'
import {listWords} from '../words.js'

export const endpointStale: Check = {
  code: 'EKS302',
  severity: 'error',
  title: 'A service sends connections to an address without a pod',
  meaning:
    "kube-proxy's rules still name an endpoint that is gone. That share of the connections to the service times out. Either kube-proxy is behind (it hangs, or " +
    'it cannot reach the API server), or the Endpoints themselves are stale.',
  signature:
    "A KUBE-SEP chain translates to an address of one of this node's ENIs that ipamd has not assigned. Endpoints on other nodes cannot be judged. Needs " +
    '`iptables-save` and `/v1/enis`.',
  remedy: 'Compare with `kubectl get endpointslices`; restart kube-proxy on this node if only the node is behind.',
  reference: 'https://github.com/kubernetes/kubernetes/issues/28674',
  find: findStale,
}

function* findStale({eks}: AuditedNode): Generator<Fault> {
  const idle = idleAddresses(eks)
  if (idle.size === 0) return
  for (const service of servicesSendingTo(eks, new Set(idle.keys()))) {
    const stale = endpointsOf(service).filter(({address}) => idle.has(address))
    const [first] = stale
    const frontend = service.frontends.find(({address}) => address !== null)
    if (first === undefined) continue
    yield {
      text: `${service.fullName} sends connections to ${listWords(stale.map(({address}) => formatAddress(address)))}, where no pod is.`,
      evidence: stale.flatMap(({rule, address}) => [rule, ...[idle.get(address) ?? []].flat()]),
      services: [service],
      flow:
        frontend?.address == null
          ? null
          : {...tcpProbe(null, frontend.address, frontend.port), protocol: service.protocol},
      repair: ['kubectl -n kube-system delete pod KUBE_PROXY_POD_OF_THIS_NODE'],
    }
  }
}
