import type {DocumentPattern, Layout} from './layout.js'
import {readNativeIndex} from './nativeIndex.js'

const IPAMD = 'curl http://localhost:61679/v1'

const DOCUMENTS: readonly DocumentPattern[] = [
  {path: /^ip-rule\.(txt|json)$/, command: 'ip rule show'},
  {path: /^ip-rule6\.(txt|json)$/, command: 'ip -6 rule show'},
  {path: /^ip-route\.(txt|json)$/, command: 'ip route show'},
  {path: /^ip-route6\.(txt|json)$/, command: 'ip -6 route show'},
  {path: /^ip-route-table-([\w-]+)\.(txt|json)$/, command: 'ip route show table $1'},
  {path: /^ip-route6-table-([\w-]+)\.(txt|json)$/, command: 'ip -6 route show table $1'},
  {path: /^ip-addr\.(txt|json)$/, command: 'ip addr show'},
  {path: /^ip-link\.(txt|json)$/, command: 'ip -d link show'},
  {path: /^ip-neigh\.(txt|json)$/, command: 'ip neigh show'},
  {path: /^ip-neigh-proxy\.(txt|json)$/, command: 'ip neigh show proxy'},
  {path: /^arp-(an?|n)\.txt$/, command: 'arp -$1'},
  {path: /^(ip6?tables(?:-legacy|-nft)?-save)\.txt$/, command: '$1'},
  {path: /^nft-ruleset\.txt$/, command: 'nft list ruleset'},
  {path: /^ipset-save\.txt$/, command: 'ipset save'},
  {path: /^ipvsadm-save\.txt$/, command: 'ipvsadm --save --numeric'},
  {path: /^ipvsadm-connections\.txt$/, command: 'ipvsadm --list --numeric --connection'},
  {path: /^conntrack(6?)\.txt$/, command: 'conntrack -L -o extended'},
  {path: /^sysctl\.txt$/, command: 'sysctl -a'},
  {path: /^ipamd-(enis|pods)\.json$/, command: `${IPAMD}/$1`},
  {path: /^ipamd-networkutils-env\.json$/, command: `${IPAMD}/networkutils-env-settings`},
  {path: /^ipamd-ipamd-env\.json$/, command: `${IPAMD}/ipamd-env-settings`},
  {path: /^ipamd-checkpoint\.json$/, command: 'cat /var/run/aws-node/ipam.json'},
  {path: /^ipamd-checkpoint-cards\.json$/, command: 'cat /var/run/aws-node/ipam-nic-*.json'},
  {path: /^ipamd-metrics\.txt$/, command: 'curl http://localhost:61678/metrics'},
  {path: /^ethtool\.txt$/, command: 'ethtool -S'},
  {path: /^(ip6?)-tables-names\.txt$/, command: 'cat /proc/net/$1_tables_names'},
  {path: /^conntrack-stats\.txt$/, command: 'conntrack -S'},
  {path: /^instance-id\.txt$/, command: 'cat /var/lib/cloud/data/instance-id'},
  {path: /^hostname\.txt$/, command: 'uname -n'},
  {path: /^rt-tables\.txt$/, command: 'cat /etc/iproute2/rt_tables'},
  {path: /^(ip|iptables|nft|ipset|conntrack)-version\.txt$/, command: '$1 -V'},
  {path: /^netns\/ip-(addr|route|neigh)\.txt$/, command: 'ip -all netns exec ip $1 show'},
  {path: /^netns\/([^/]+)\/ip-addr\.txt$/, command: 'ip netns exec $1 ip addr show'},
  {path: /^netns\/([^/]+)\/ip-route\.txt$/, command: 'ip netns exec $1 ip route show table all'},
  {path: /^netns\/([^/]+)\/ip-neigh\.txt$/, command: 'ip netns exec $1 ip neigh show'},
]

/** What `ekspath capture` writes. */
export const native: Layout = {
  name: 'ekspath capture',
  mark: /(^|\/)(capture\.json|ip-rule6?\.txt|ip-route6?\.txt|iptables-save\.txt)$/,
  documents: DOCUMENTS,
  handNamed: true,
  index: {path: /^capture\.json$/, read: readNativeIndex},
}
