import {type EksNode, rulesOf} from '../../eks/index.js'
import type {ChainRule} from '../../model/index.js'
import {type Address, formatAddress} from '../../net/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {knowsOwnAddresses} from '../known.js'
import {OUTSIDE, tcpProbe} from '../probe.js'
import {readSnatChain} from '../snatChain.js'
import {replaceRule, RESTART_CNI} from '../repairs.js'

export const snatAddressForeign: Check = {
  code: 'EKS203',
  severity: 'error',
  title: 'Pods are translated to an address the node does not have',
  meaning:
    "The CNI translates what pods send outside the VPC to the node's primary address, which it writes into the rule when it starts. Where the rule " +
    'names another address (an image made of a running node, a changed primary address), answers never come back.',
  signature:
    'The target of the rule "AWS, SNAT" is no local address. Needs `iptables-save` and the addresses (`ip addr`, or the local table of `ip route show table all`).',
  remedy: 'Restart aws-node, which writes the rule anew.',
  reference: null,
  find: findForeign,
}

function* findForeign({eks}: AuditedNode): Generator<Fault> {
  if (!knowsOwnAddresses(eks.state)) return
  for (const rule of snatRules(eks)) {
    const address = rule.target.kind === 'snat' ? rule.target.ranges[0]?.first : null
    if (address == null || eks.routing.ownAddresses.has(address)) continue
    const pod = eks.pods.find(candidate => typeof candidate.address === 'number')
    yield {
      text: `Pods are translated to ${formatAddress(address)}, which is no address of this node${ownText(eks.address?.value)}.`,
      evidence: [rule, ...(eks.address?.evidence ?? [])],
      flow: pod === undefined ? null : tcpProbe(pod.address, OUTSIDE, 443),
      repair: [replace(eks, rule, address)],
    }
  }
}

function replace(eks: EksNode, rule: ChainRule, wrong: Address): string {
  const right = eks.address?.value
  if (right === undefined) return RESTART_CNI
  const [old, corrected] = [wrong, right].map(address => `--to-source ${formatAddress(address)}`)
  return replaceRule(eks.state, 'nat', rule, words => words.replace(old ?? '', corrected ?? '')) ?? RESTART_CNI
}

/** In POSTROUTING itself (≤ 1.2), or at the end of the chains. */
function snatRules(eks: EksNode): ChainRule[] {
  const direct = [...rulesOf(eks.state, 'nat', 'POSTROUTING')].filter(({comment}) => comment === 'AWS, SNAT')
  return [...direct, ...eks.state.iptables.flatMap(ruleset => readSnatChain(ruleset)?.snat ?? [])]
}

function ownText(address: Address | undefined): string {
  return address === undefined ? '' : ` (${formatAddress(address)})`
}
