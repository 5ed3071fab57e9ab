import {EGRESS_BLOCKS, rulesOf} from '../../eks/index.js'
import type {ChainRule} from '../../model/index.js'
import {type Address, addressBits, contains, familyOf, formatAddress} from '../../net/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {knowsTable} from '../known.js'
import {TABLE_MAIN} from '../../model/index.js'
import {listWords} from '../words.js'

export const egressRouteMissing: Check = {
  code: 'EKS115',
  severity: 'error',
  title: "A pod's second way out has no way back",
  meaning:
    'In a cluster of one address family the egress plugin gives each pod an address of the other (169.254.172.0/22, fd00::ac:0/118), translates it to the address of the node, and adds a route to it by a veth. Without the route, answers ' +
    'to what the pod sent that way do not find it.',
  signature:
    'POSTROUTING translates an address of the egress plugin, and no route leads to it. Needs `iptables-save` and `ip route`.',
  remedy: 'Recreate the pod.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/3702',
  find: findMissing,
}

function* findMissing({eks}: AuditedNode): Generator<Fault> {
  const missing = [...rulesOf(eks.state, 'nat', 'POSTROUTING')].flatMap(rule => {
    const source = egressSource(rule)
    const known = source !== null && knowsTable(eks.state, TABLE_MAIN, familyOf(source))
    return source === null || !known || eks.routing.hostRoutes.has(source) ? [] : [{rule, source}]
  })
  if (missing.length === 0) return
  yield {
    text: `No route leads to ${listWords(missing.map(({source}) => formatAddress(source)))}, which the egress plugin gave to a pod.`,
    evidence: missing.map(({rule}) => rule),
    repair: [],
  }
}

function egressSource({matches, target}: ChainRule): Address | null {
  if (target.kind !== 'jump' || !target.chain.startsWith('CNI-')) return null
  for (const match of matches) {
    if (match.kind !== 'source' || match.negated || !('length' in match.prefix)) continue
    const {address, length, family} = match.prefix
    if (length === addressBits(family) && EGRESS_BLOCKS.some(block => contains(block, address))) return address
  }
  return null
}
