import type {Family} from '../../net/index.js'

/** A read-only command of the node whose output is one document of a capture. */
export interface CaptureCommand {
  /** Path of the document in the native layout. */
  readonly document: string
  /** For `sh -c`. Constant text: nothing of the user's gets into it. */
  readonly command: string
  /** What the answer needs it for; for `--list-commands`. */
  readonly why: string
  /** After so long it is killed; what it printed until then is kept. */
  readonly seconds: number
  /** Null: both, or neither. */
  readonly family: Family | null
  /** True where it tells less, or nothing, without root: run with `sudo -n` by other users. */
  readonly root: boolean
  /** More output than this is cut: it grows with traffic, not with configuration. Null: no limit of its own. */
  readonly maxBytes: number | null
}

type Options = Partial<Pick<CaptureCommand, 'seconds' | 'family' | 'root' | 'maxBytes'>>

function command(document: string, text: string, why: string, options: Options = {}): CaptureCommand {
  return {document, command: text, why, seconds: 15, family: null, root: false, maxBytes: null, ...options}
}

function ipamd(document: string, endpoint: string, why: string): CaptureCommand {
  // ipamd listened on 61678 until v1.3
  const curl = `curl -sS --fail --max-time 5 http://localhost`
  return command(document, `${curl}:61679/v1/${endpoint} || ${curl}:61678/v1/${endpoint}`, why)
}

const V4 = {family: 4} as const
const V6 = {family: 6} as const
const ROOT = {root: true} as const
/** A save takes seconds where there are thousands of services. */
const SAVE = {root: true, seconds: 60} as const

/** Everything that a capture holds, in the order in which it is collected: what changes together is read close together. */
export const CAPTURE_COMMANDS: readonly CaptureCommand[] = [
  command('ip-rule.txt', 'ip rule show', 'policy rules: which table a packet is looked up in', V4),
  command('ip-route.txt', 'ip route show table all', 'routes of all tables, local addresses among them', V4),
  command('ip-rule6.txt', 'ip -6 rule show', 'policy rules of IPv6', V6),
  command('ip-route6.txt', 'ip -6 route show table all', 'routes of IPv6', V6),
  command('iptables-save.txt', 'iptables-save', 'NAT, filter and mangle rules, of the backend in use', {
    ...SAVE,
    ...V4,
  }),
  command('ip6tables-save.txt', 'ip6tables-save', 'the same for IPv6', {...SAVE, ...V6}),
  command(
    'iptables-legacy-save.txt',
    'iptables-legacy-save',
    'rules of the legacy backend where it is not the default',
    {
      ...SAVE,
      ...V4,
    },
  ),
  command('iptables-nft-save.txt', 'iptables-nft-save', 'rules of the nft backend where it is not the default', {
    ...SAVE,
    ...V4,
  }),
  command('ip6tables-legacy-save.txt', 'ip6tables-legacy-save', 'the same for IPv6', {...SAVE, ...V6}),
  command('ip6tables-nft-save.txt', 'ip6tables-nft-save', 'the same for IPv6', {...SAVE, ...V6}),
  command('ip-tables-names.txt', 'cat /proc/net/ip_tables_names', 'which tables the legacy backend has', {
    ...ROOT,
    ...V4,
  }),
  command('ip6-tables-names.txt', 'cat /proc/net/ip6_tables_names', 'the same for IPv6', {...ROOT, ...V6}),
  command('nft-ruleset.txt', 'nft -a list ruleset', 'native nftables tables, which iptables-save does not show', SAVE),
  command('ipset-save.txt', 'ipset save', 'members of the sets that rules match against', ROOT),
  command('ipvsadm-save.txt', 'ipvsadm --save --numeric', 'services of kube-proxy in IPVS mode', ROOT),
  command(
    'ipvsadm-connections.txt',
    'ipvsadm --list --numeric --connection',
    'connections of IPVS, which keep the real server they began with',
    {...ROOT, maxBytes: 32 << 20},
  ),
  command('ip-addr.txt', 'ip addr show', 'addresses of the node'),
  command('ip-link.txt', 'ip -d link show', 'interfaces: kind, VLAN, peer, state'),
  command('ip-neigh.txt', 'ip neigh show', 'MAC addresses of next hops and pods'),
  command('ip-neigh-proxy.txt', 'ip neigh show proxy', 'addresses that the node answers ARP for'),
  command('sysctl.txt', 'sysctl -a', 'ip_forward, rp_filter and the like', ROOT),
  command('conntrack.txt', 'conntrack -L -o extended', 'connections, which keep the translation they began with', {
    ...ROOT,
    maxBytes: 32 << 20,
  }),
  command('conntrack-stats.txt', 'conntrack -S', 'connections that could not be entered or found no port', ROOT),
  ipamd('ipamd-enis.json', 'enis', 'which address is on which ENI'),
  ipamd('ipamd-pods.json', 'pods', 'which pod has which address (VPC CNI before 1.7)'),
  ipamd('ipamd-networkutils-env.json', 'networkutils-env-settings', 'settings of the VPC CNI: SNAT, NodePort'),
  ipamd('ipamd-ipamd-env.json', 'ipamd-env-settings', 'settings of the VPC CNI: addresses'),
  command(
    'ipamd-checkpoint.json',
    'cat /var/run/aws-node/ipam.json',
    'which pod has which address (VPC CNI from 1.7 on)',
    ROOT,
  ),
  command(
    'ipamd-checkpoint-cards.json',
    "find /var/run/aws-node -name 'ipam-nic-*.json' -exec cat {} +",
    'the same for further network cards (VPC CNI from 1.20 on)',
    ROOT,
  ),
  command(
    'netns/ip-addr.txt',
    'ip -all netns exec ip addr show',
    'the pods’ side: addresses in named network namespaces',
    ROOT,
  ),
  command('netns/ip-route.txt', 'ip -all netns exec ip route show table all', 'the pods’ side: routes', ROOT),
  command(
    'netns/ip-neigh.txt',
    'ip -all netns exec ip neigh show',
    'the pods’ side: the static ARP entry of their gateway',
    ROOT,
  ),
  command(
    'ethtool.txt',
    'for i in /sys/class/net/*; do echo "Interface ${i##*/}"; ethtool -S "${i##*/}" 2>&1; done; :',
    'counters of packets that the instance’s allowances dropped',
  ),
  command('instance-id.txt', 'cat /var/lib/cloud/data/instance-id', 'which EC2 instance the node is'),
  command(
    'rt-tables.txt',
    'cat /usr/share/iproute2/rt_tables /etc/iproute2/rt_tables /etc/iproute2/rt_tables.d/*.conf 2>/dev/null; :',
    'names of routing tables',
  ),
  command('hostname.txt', 'uname -n', 'name of the node'),
  command('ip-version.txt', 'ip -V', 'which selectors and attributes this ip can print'),
  command('iptables-version.txt', 'iptables -V', 'which backend is in use, and which rule revisions it can print'),
]
