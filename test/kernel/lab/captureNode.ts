import type {Namespace} from './namespace.js'
import type {LabBackend} from './nodeSpec.js'

/** What a packet's way may depend on. */
const PER_INTERFACE =
  'forwarding|force_forwarding|bc_forwarding|rp_filter|accept_local|route_localnet|src_valid_mark|ignore_routes_with_linkdown|send_redirects|use_oif_addrs_only'
const SYSCTLS = `^net\\.(ipv[46]\\.(conf\\..*\\.(${PER_INTERFACE})$|ip_forward$|fib_|fwmark_reflect|ip_local_port_range|ip_nonlocal_bind|.*early_demux)|netfilter\\.nf_conntrack_(tcp_loose|tcp_be_liberal|max))`

/** The commands an operator runs, into the native capture layout. */
export function captureNode(
  node: Namespace,
  folder: string,
  backend: LabBackend,
  {bothBackends, nft, conntrack}: {readonly bothBackends: boolean; readonly nft: boolean; readonly conntrack?: boolean},
): void {
  const commands = [
    'ip rule show > ip-rule.txt',
    'ip -6 rule show > ip-rule6.txt',
    'ip route show table all > ip-route.txt',
    'ip -6 route show table all > ip-route6.txt',
    'ip addr show > ip-addr.txt',
    'ip neigh show > ip-neigh.txt',
    `sysctl -a -r '${SYSCTLS}' > sysctl.txt 2>/dev/null`,
    `iptables-${backend}-save > iptables-save.txt`,
    `ip6tables-${backend}-save > ip6tables-save.txt`,
    'ipset save > ipset-save.txt',
    ...(nft ? ['nft -a list ruleset > nft-ruleset.txt 2>/dev/null'] : []),
    ...(conntrack ? ['(conntrack -L; conntrack -L -f ipv6) > conntrack.txt 2>/dev/null'] : []),
    ...(bothBackends ? ['iptables-legacy-save > iptables-legacy-save.txt'] : []),
  ]
  node.run('sh', ['-e', '-c', [`cd '${folder}'`, ...commands].join('\n')])
}
