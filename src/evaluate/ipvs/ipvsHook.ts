import type {Family} from '../../net/index.js'
import type {Hook} from '../../model/index.js'
import type {VirtualServices} from './virtualServices.js'

/** A function of IPVS at a hook of netfilter. */
export interface IpvsHook {
  readonly hook: Hook
  readonly priority: number
  readonly type: 'filter'
  readonly table: 'ipvs'
  readonly backend: 'ipvs'
  /** `reply`: the answer of a real server gets the virtual address back. `request`: packets to services are scheduled. */
  readonly ipvs: 'reply' | 'request' | 'icmp'
  /** Its name in the kernel. */
  readonly name: string
}

/** ip_vs_ops4 and ip_vs_ops6 (net/netfilter/ipvs/ip_vs_core.c): NAT_SRC is 100, NAT_DST is -100. */
const OPERATIONS: readonly (readonly [Hook, number, IpvsHook['ipvs'], string])[] = [
  ['INPUT', 98, 'reply', 'ip_vs_out'],
  ['INPUT', 99, 'request', 'ip_vs_in'],
  ['OUTPUT', -99, 'reply', 'ip_vs_out'],
  ['OUTPUT', -98, 'request', 'ip_vs_in'],
  ['FORWARD', 99, 'icmp', 'ip_vs_forward_icmp'],
  ['FORWARD', 100, 'reply', 'ip_vs_out'],
]

/** What IPVS does at a hook: alike for both families, and nothing while it has no services of the family. */
export function ipvsHooks(services: VirtualServices, family: Family, at: Hook): IpvsHook[] {
  if (!services.active(family)) return []
  return OPERATIONS.filter(([hook]) => hook === at).map(([hook, priority, ipvs, name]) => ({
    hook,
    priority,
    type: 'filter',
    table: 'ipvs',
    backend: 'ipvs',
    ipvs,
    name,
  }))
}
