import type {IptablesRuleset, SourceRef} from '../../model/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'

/** Chains that the CNI or kube-proxy fill. */
const OURS = ['AWS-SNAT-CHAIN-0', 'AWS-CONNMARK-CHAIN-0', 'KUBE-SERVICES', 'KUBE-POSTROUTING']

export const bothBackends: Check = {
  code: 'EKS207',
  severity: 'warning',
  title: 'The rules are in both iptables backends',
  meaning:
    'Legacy and nf_tables iptables are two sets of rules in one kernel, and a packet passes both. Where the CNI or kube-proxy wrote to one and later to the other (an ' +
    'upgraded image, a race at the start of the node), the older rules are never updated again and still act.',
  signature:
    'Chains of the CNI or of kube-proxy with rules in saves of both backends. Needs `iptables-legacy-save` and `iptables-nft-save`.',
  remedy: 'Flush the rules of the backend that is no longer used, or replace the node.',
  reference: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/1847',
  find: findBoth,
}

function* findBoth({eks}: AuditedNode): Generator<Fault> {
  const rulesets = eks.state.iptables.filter(({family, backendKnown}) => family === 4 && backendKnown)
  const legacy = chainsOf(rulesets.filter(({backend}) => backend === 'iptables-legacy'))
  const nft = chainsOf(rulesets.filter(({backend}) => backend === 'iptables-nft'))
  const both = [...legacy.keys()].filter(name => nft.has(name))
  if (both.length === 0) return
  yield {
    text: `${both.join(', ')} ${both.length === 1 ? 'has' : 'have'} rules in legacy iptables and in nf_tables: one of the two sets is stale.`,
    evidence: both.flatMap(name => [legacy.get(name) ?? [], nft.get(name) ?? []].flat()),
    repair: [],
  }
}

function chainsOf(rulesets: readonly IptablesRuleset[]): Map<string, {source: SourceRef; text: string}> {
  const found = new Map<string, {source: SourceRef; text: string}>()
  for (const {tables} of rulesets) {
    for (const name of OURS) {
      const chain = tables.get('nat')?.chains.get(name)
      if (chain?.source != null && chain.ruleCount > 0) found.set(name, {source: chain.source, text: chain.text})
    }
  }
  return found
}
