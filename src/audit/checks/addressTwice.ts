import type {Pod} from '../../eks/index.js'
import type {NodeState} from '../../model/index.js'
import {familyOf, formatAddress} from '../../net/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {OUTSIDE, tcpProbe} from '../probe.js'
import {listWords} from '../words.js'
import {RESTART_CNI} from '../repairs.js'

export const addressTwice: Check = {
  code: 'EKS111',
  severity: 'error',
  title: 'An address with two owners',
  meaning:
    "An address that two ENIs hold, or that is a pod's and the node's own at once: packets for it reach one of the two, and which one depends on " +
    'the table that is asked.',
  signature:
    "ipamd assigned the address on two ENIs, or a pod's address is also a local address of the node. Needs `/v1/enis`, or the addresses of the node.",
  remedy:
    'Take the address off the node where it is not the first of its interface. Where two ENIs hold it: restart aws-node, which reads the addresses of the ENIs anew, and recreate the pod.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/711',
  find: findTwice,
}

function* findTwice({eks}: AuditedNode): Generator<Fault> {
  for (const pod of eks.pods) {
    const own = eks.routing.ownAddresses.get(pod.address)
    const address = formatAddress(pod.address)
    const holders = pod.holdings.map(({eniId}) => eniId)
    if (holders.length > 1) {
      yield {
        text: `${address} is assigned on ${listWords(holders)}.`,
        evidence: pod.holdings.map(holding => holding.address),
        pods: [pod],
        repair: [RESTART_CNI],
      }
    }
    if (own !== undefined) {
      const records = [...pod.routes, ...pod.holdings.map(holding => holding.address)]
      yield {
        text: `${address} is the address of a pod and of the node itself, on ${own.interface}.`,
        evidence: [own, ...records],
        pods: [pod],
        flow: familyOf(pod.address) === 6 ? null : tcpProbe(OUTSIDE, pod.address, 80),
        repair: takeAway(eks.state, pod) ?? [RESTART_CNI],
      }
    }
  }
}

/** Null where it is the interface's first address: that is the ENI's own, and the pod is wrong. */
function takeAway({addresses}: NodeState, {address}: Pod): string[] | null {
  const own = addresses?.find(each => each.address === address)
  const first = addresses?.find(each => each.interface === own?.interface && each.family === own.family)
  if (own === undefined || first === own) return null
  return [`ip addr del ${formatAddress(address)}/${own.prefixLength} dev ${own.interface}`]
}
