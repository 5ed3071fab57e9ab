import {rulesOf} from '../../eks/index.js'
import type {ChainRule} from '../../model/index.js'
import {type Address, contains, formatAddress, parseIpv4} from '../../net/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {tcpProbe} from '../probe.js'
import {deleteRule} from '../repairs.js'

const METADATA = parseIpv4('169.254.169.254') as Address

export const metadataRedirected: Check = {
  code: 'EKS504',
  severity: 'info',
  title: 'Requests for instance metadata are redirected',
  meaning:
    'kube2iam and kiam translate what pods send to 169.254.169.254 to an agent of theirs on the node. Where the agent is gone, pods get no credentials. Whether it listens, the hop limit of the metadata service, security groups and network ACLs are ' +
    'outside a capture: only the rule is seen.',
  signature: 'A rule of nat PREROUTING translates 169.254.169.254. Needs `iptables-save`.',
  remedy: 'If no such agent should run, delete the rule.',
  reference: 'https://github.com/uswitch/kiam/issues/155',
  find: findRedirected,
}

function* findRedirected({eks}: AuditedNode): Generator<Fault> {
  const rules = [...rulesOf(eks.state, 'nat', 'PREROUTING')].filter(isRedirect)
  const [first] = rules
  if (first?.target.kind !== 'dnat') return
  const address = first.target.ranges[0]?.first ?? null
  const port = first.target.ranges[0]?.ports?.min
  const pod = eks.pods.find(candidate => typeof candidate.address === 'number')
  const whose =
    address === null ? '' : eks.routing.ownAddresses.has(address) ? ', this node' : ', which is not this node'
  yield {
    text: `What pods ask of the metadata service goes to ${address === null ? 'another port' : formatAddress(address)}${port === undefined ? '' : `:${port}`}${whose}.`,
    evidence: rules,
    flow: pod === undefined ? null : tcpProbe(pod.address, METADATA, 80),
    repair: rules.map(rule => deleteRule(eks.state, 'nat', rule)),
  }
}

function isRedirect({matches, target}: ChainRule): boolean {
  if (target.kind !== 'dnat') return false
  return matches.some(
    match =>
      match.kind === 'destination' &&
      !match.negated &&
      'length' in match.prefix &&
      match.prefix.length > 16 &&
      contains(match.prefix, METADATA),
  )
}
