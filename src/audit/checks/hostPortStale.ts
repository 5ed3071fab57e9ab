import {rulesOf, toolOfLine} from '../../eks/index.js'
import type {ChainRule, NodeState} from '../../model/index.js'
import {formatAddress} from '../../net/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {idleAddresses} from '../idleAddresses.js'
import {deleteRule} from '../repairs.js'

export const hostPortStale: Check = {
  code: 'EKS303',
  severity: 'error',
  title: 'A host port leads to an address without a pod',
  meaning:
    'The portmap plugin translates a host port to the pod that asked for it. Where the rules of a pod that is gone were left behind, they win over those of ' +
    'its successor, and the host port times out.',
  signature:
    'A CNI-DN chain that CNI-HOSTPORT-DNAT leads to translates to an address that ipamd has not assigned. Needs `iptables-save` and `/v1/enis`.',
  remedy: 'Delete the rule that leads to the chain, then the chain.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/2362',
  find: findStale,
}

function* findStale({eks}: AuditedNode): Generator<Fault> {
  const idle = idleAddresses(eks)
  for (const entry of rulesOf(eks.state, 'nat', 'CNI-HOSTPORT-DNAT')) {
    const chain = entry.target.kind === 'jump' ? entry.target.chain : ''
    const dnat = findDnat(eks.state, chain)
    const address = dnat?.target.kind === 'dnat' ? dnat.target.ranges[0]?.first : null
    const record = address == null ? undefined : idle.get(address)
    if (dnat === undefined || address == null || record === undefined) continue
    const on = `${toolOfLine(eks.state, entry)} -t nat`
    yield {
      text: `A host port leads to ${formatAddress(address)}, where no pod is.`,
      evidence: [entry, dnat, record],
      repair: [deleteRule(eks.state, 'nat', entry), `${on} -F ${chain}`, `${on} -X ${chain}`],
    }
  }
}

function findDnat(state: NodeState, chain: string): ChainRule | undefined {
  return [...rulesOf(state, 'nat', chain)].find(({target}) => target.kind === 'dnat')
}
