/** What a word stands for depends on what it is compared with. `other`: nothing that is modelled. */
export type Datatype =
  | 'address'
  | 'integer'
  | 'mark'
  | 'port'
  | 'protocol'
  | 'nfproto'
  | 'ethertype'
  | 'ct-state'
  | 'ct-status'
  | 'ct-direction'
  | 'address-type'
  | 'tcp-flags'
  | 'icmp-type'
  | 'icmp-code'
  | 'icmpv6-type'
  | 'icmpv6-code'
  | 'dscp'
  | 'ecn'
  | 'packet-type'
  | 'name'
  | 'mac'
  | 'boolean'
  | 'other'

/** Of which `a,b` and a bare `a` mean "any of these bits". */
export function isFlags(type: Datatype): boolean {
  return type === 'ct-state' || type === 'ct-status' || type === 'tcp-flags'
}

/** `type ipv4_addr . inet_service` of a set. */
const NAMED: Readonly<Record<string, Datatype>> = {
  ipv4_addr: 'address',
  ipv6_addr: 'address',
  ether_addr: 'mac',
  inet_proto: 'protocol',
  inet_service: 'port',
  mark: 'mark',
  ifname: 'name',
  iface_index: 'name',
  integer: 'integer',
  ct_state: 'ct-state',
  ct_status: 'ct-status',
  ct_dir: 'ct-direction',
  fib_addrtype: 'address-type',
  tcp_flag: 'tcp-flags',
  icmp_type: 'icmp-type',
  icmp_code: 'icmp-code',
  icmpv6_type: 'icmpv6-type',
  icmpv6_code: 'icmpv6-code',
  dscp: 'dscp',
  ecn: 'ecn',
  pkt_type: 'packet-type',
  nf_proto: 'nfproto',
  ether_type: 'ethertype',
  boolean: 'boolean',
}

export function datatypeOf(name: string): Datatype {
  return NAMED[name] ?? 'other'
}
