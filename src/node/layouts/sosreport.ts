import type {DocumentPattern, Layout} from './layout.js'
import {readSosManifest} from './sosManifest.js'

/** sos names a file after its command, each run of other characters than `\w - . /` an underscore; a second one gets `.1`. */
function spelled(path: string): string {
  return path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.\d+$/, '')
    .replaceAll('_', ' ')
}

/** `ip_netns_exec_NAME_ip_…`: the name keeps its underscores. */
function spelledInside(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const [, namespace = '', command = ''] = /^ip_netns_exec_(.+?)_(ip6?tables-save|ip_.*)$/.exec(name) ?? []
  return `ip netns exec ${namespace} ${spelled(command)}`
}

const DOCUMENTS: readonly DocumentPattern[] = [
  {path: /^sos_commands\/networking\/ip_-[46]_rule(_list)?$/, command: spelled},
  {path: /^sos_commands\/networking\/ip_(-6_)?route_show_table_all$/, command: spelled},
  {path: /^sos_commands\/networking\/ip_(-o_addr|-d_address|address)$/, command: spelled},
  {path: /^sos_commands\/networking\/ip_-s_-d_link$/, command: spelled},
  {path: /^sos_commands\/networking\/ip_(-s_-s_)?neigh_show$/, command: spelled},
  {path: /^sos_commands\/networking\/route_-n$/, command: spelled},
  {path: /^sos_commands\/(networking|firewall_tables)\/ip6?tables_(-t_\w+_-nvL|-vnxL)$/, command: spelled},
  {path: /^sos_commands\/(networking|firewall_tables)\/nft_(-a_)?list_ruleset$/, command: spelled},
  {path: /^sos_commands\/conntrack\/conntrack_-L(_-o_extended)?$/, command: spelled},
  {path: /^sos_commands\/ipvs\/ipvsadm_-Ln(_--[\w-]+)*$/, command: spelled},
  {path: /^sos_commands\/kernel\/(sysctl_-a|uname_-a)$/, command: spelled},
  {
    path: /^sos_commands\/networking\/(namespaces\/[^/]+\/)?ip_netns_exec_.+_(ip6?tables-save|ip_((-d_)?address_show|(-[46]_)?rule_list|route_show_table_all|-s_-s_neigh_show))$/,
    command: spelledInside,
  },
  {
    path: /^proc\/\d+\/net\/(route|ipv6_route|fib_trie|arp|if_inet6|nf_conntrack|ip_vs|ip_vs_conn|ip6?_tables_names)$/,
    command: 'cat /proc/net/$1',
  },
  {path: /^(etc|usr\/(?:share|lib))\/iproute2\/(rt_tables(?:\.d\/.+\.conf)?)$/, command: 'cat /$1/iproute2/$2'},
]

/** sosreport-HOST[-LABEL]-2026-11-20-abcdefg: where the label begins cannot be told from the name. */
const ROOT = /^sosreport-(.+)-(\d{4}-\d\d-\d\d)-\w+(-obfuscated)?$/

/**
 * `sos report`, 3.3 and later. Versions that write no manifest are read by the names of their files.
 * Its iptables texts are listings (-nvL); ipset and ipamd are not in it.
 */
export const sosreport: Layout = {
  name: 'sos report',
  mark: /(^|\/)sos_commands\//,
  documents: DOCUMENTS,
  asRoot: true,
  index: {path: /^sos_reports\/manifest\.json$/, read: readSosManifest},
  identify: root => {
    const parts = ROOT.exec(root.replace(/\/$/, '').replace(/^.*\//, ''))
    return {hostname: null, capturedAt: parts?.[2] ?? null}
  },
}
