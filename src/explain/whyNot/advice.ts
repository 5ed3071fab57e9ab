import {type Case, decidingStep, type Remedy, wayOf} from './case.js'
import {ownerOf} from './remedies/index.js'

/** What to look at where no command of the node helps. Null: nothing better is known than the causes themselves. */
export function adviceFor(c: Case, remedies: readonly Remedy[]): string | null {
  const way = wayOf(c)
  const step = decidingStep(way)
  const refusing = way.steps?.findLast(({target}) => target === 'DROP' || target === 'REJECT') ?? step
  const service = /"([^"\s]+) has no (?:local )?endpoints"/.exec(refusing?.text ?? '')?.[1]
  if (service !== undefined) {
    const [namespace = '', name = ''] = (service.split(':')[0] ?? '').split('/')
    const which =
      refusing?.text.includes('no local endpoints') === true
        ? 'no endpoint on this node (traffic policy Local)'
        : 'no endpoint'
    return `${service} has ${which}: kubectl -n ${namespace} get endpointslices -l kubernetes.io/service-name=${name}; a rule deleted here comes back`
  }
  const owner = ownerOf(refusing?.chain ?? null)
  if (owner !== null) return `${owner} keeps this rule and would write it again: change what it is made from`
  switch (way.reason) {
    case 'TTL_EXCEEDED':
      return 'the packet comes with a TTL that ends on this node: see where it loops, or send it with a larger one'
    case 'MARTIAN_SOURCE':
    case 'MARTIAN_DESTINATION':
      return 'no setting of rules or routes lets such an address in'
    case 'IPVS_NO_DESTINATION':
      return `no pod behind ${way.packet.dst} takes connections (none is ready, or all have weight 0 and drain): find the Service of this address with kubectl get services -A -o wide, then its endpointslices`
    default:
      return remedies.length === 0 ? 'nothing on its way is unlike a healthy node, as far as the capture tells' : null
  }
}
