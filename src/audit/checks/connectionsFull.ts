import type {SysctlValue} from '../../model/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'

/** Share of the table above which bursts overflow it. */
const NEARLY_FULL = 0.95

export const connectionsFull: Check = {
  code: 'EKS403',
  severity: 'error',
  title: 'The table of connections is full',
  meaning:
    'Every connection of the node and its pods has an entry in conntrack. When the table is full, the kernel drops the first packets of new ones ("nf_conntrack: ' +
    'table full, dropping packet"): DNS and short connections fail at random. kube-proxy sets the size, 32768 for each CPU by default.',
  signature: '`nf_conntrack_count` is at least 95 % of `nf_conntrack_max`. Needs `sysctl -a`.',
  remedy: "Raise kube-proxy's `conntrack.maxPerCore`, and find who opens the connections (`conntrack -L`).",
  reference: 'https://github.com/kubernetes/kubernetes/issues/71261',
  find: findFull,
}

function* findFull({eks}: AuditedNode): Generator<Fault> {
  const {sysctl} = eks.state
  const count = sysctl?.get('net.netfilter.nf_conntrack_count')
  const max = sysctl?.get('net.netfilter.nf_conntrack_max') ?? sysctl?.get('net.nf_conntrack_max')
  if (count === undefined || max === undefined || !isNearlyFull(count, max)) return
  yield {
    text: `${count.value} of ${max.value} entries are in use.`,
    evidence: [count, max],
    repair: [`sysctl -w net.netfilter.nf_conntrack_max=${Number(max.value) * 2}`],
  }
}

function isNearlyFull(count: SysctlValue, max: SysctlValue): boolean {
  return Number(max.value) > 0 && Number(count.value) / Number(max.value) >= NEARLY_FULL
}
