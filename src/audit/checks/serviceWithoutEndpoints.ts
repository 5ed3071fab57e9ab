import type {Refusal, ServicePort} from '../../eks/index.js'
import type {Flow} from '../../model/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {tcpProbe} from '../probe.js'
import {listWords} from '../words.js'

export const serviceWithoutEndpoints: Check = {
  code: 'EKS301',
  severity: 'warning',
  title: 'Services without endpoints',
  meaning:
    'kube-proxy refuses connections to a service that has no ready endpoint, and drops those to a service that only serves its own node (traffic policy ' +
    'Local) and has none here. Clients see "connection refused" or a timeout.',
  signature:
    'A rule of KUBE-SERVICES or KUBE-EXTERNAL-SERVICES in filter that says "has no endpoints" or "has no local endpoints". Needs `iptables-save`.',
  remedy: "Look at the service's selector and at the readiness of its pods.",
  reference: 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/',
  find: findRefused,
}

function* findRefused({eks}: AuditedNode): Generator<Fault> {
  for (const why of ['no endpoints', 'no local endpoints'] as const) {
    const services = eks.services.all.filter(({refusals}) => refusals.some(refusal => refusal.why === why))
    const [first] = services
    if (first === undefined) continue
    yield {
      text: `${listWords([...new Set(services.map(({fullName}) => fullName))])} ${services.length === 1 ? 'has' : 'have'} ${why}.`,
      evidence: services.flatMap(({refusals}) => rulesSaying(refusals, why)),
      services,
      flow: refusedFlow(first),
      repair: services.map(
        ({namespace, name}) => `kubectl -n ${namespace} get endpointslices -l kubernetes.io/service-name=${name}`,
      ),
    }
  }
}

function rulesSaying(refusals: readonly Refusal[], why: Refusal['why']): Refusal['rule'][] {
  return refusals.filter(refusal => refusal.why === why).map(({rule}) => rule)
}

function refusedFlow({frontends, protocol, family}: ServicePort): Flow | null {
  const frontend = frontends.find(({address}) => address !== null)
  if (frontend?.address == null || family !== 4) return null
  return {...tcpProbe(null, frontend.address, frontend.port), protocol}
}
