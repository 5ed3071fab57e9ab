/** Who is known to write chains of these names, or rules with these comments. */
const CHAINS: readonly (readonly [RegExp, RuleOwner])[] = [
  [/^AWS-/, 'VPC CNI'],
  [/^KUBE-(KUBELET-CANARY|MARK-DROP|IPTABLES-HINT)$/, 'kubelet'],
  [/^KUBE-/, 'kube-proxy'],
  [/^CNI-(HOSTPORT|DN|SN)-/, 'portmap'],
  [/^cali-/, 'Calico'],
  [/^(OLD_)?CILIUM_/, 'Cilium'],
  [/^ISTIO_/, 'Istio'],
  [/^WEAVE/, 'Weave'],
  [/^DOCKER/, 'Docker'],
]
const COMMENTS: readonly (readonly [RegExp, RuleOwner])[] = [
  [/^AWS[ ,]/, 'VPC CNI'],
  [/^kubernetes firewall for dropping marked packets/, 'kubelet'],
  [/^kubernetes /, 'kube-proxy'],
  [/^cali:/, 'Calico'],
  [/^cilium/i, 'Cilium'],
]
const TABLES: ReadonlyMap<string, RuleOwner> = new Map([
  ['aws-cni', 'VPC CNI'],
  ['kube-proxy', 'kube-proxy'],
  ['cni_hostport', 'portmap'],
  ['calico', 'Calico'],
])

export type RuleOwner =
  'VPC CNI' | 'kube-proxy' | 'kubelet' | 'portmap' | 'Calico' | 'Cilium' | 'Istio' | 'Weave' | 'Docker'

/** Who wrote a rule of iptables, by its comment or its chain; null where neither tells. */
export function ruleOwner(chain: string, comment: string | null): RuleOwner | null {
  const byComment = comment === null ? undefined : COMMENTS.find(([pattern]) => pattern.test(comment))
  return (byComment ?? CHAINS.find(([pattern]) => pattern.test(chain)))?.[1] ?? null
}

/** Whose table of nftables it is; null where its name does not tell. */
export function tableOwner(name: string): RuleOwner | null {
  return TABLES.get(name) ?? null
}
