import type {CommandRole} from './role.js'
import {isTool, roleOfCommand} from './roleOfCommand.js'

/** Names that people and scripts give to files with a command's output, and the command. Matched against the name without its extension. */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/^ip[-_ ]?(?:-?6[-_ ]?rules?|rules?6)$/, 'ip -6 rule'],
  [/^ip[-_ ]?(?:-?6[-_ ]?routes?|routes?6)$/, 'ip -6 route'],
  [/^ip[-_ ]?rules?$/, 'ip rule'],
  [/^ip[-_ ]?routes?$/, 'ip route'],
  [/^ip[-_ ]?addr(?:ess)?(?:es)?$/, 'ip addr'],
  [/^ip[-_ ]?neigh(?:bou?rs?)?$/, 'ip neigh'],
  [/^(ip6?tables)[-_](legacy|nft)[-_]save([-_]c)?$/, '$1-$2-save'],
  [/^(ip6?tables)[-_ ]?save([-_]c)?$/, '$1-save'],
  [/^ip_vs(_conn)?$/, 'cat /proc/net/ip_vs$1'],
  [/^sysctls?([-_]all|[-_]net)?$/, 'sysctl -a'],
  [/^(?:ipamd[-_])?enis$/, 'curl /v1/enis'],
  [/^ipamd[-_]checkpoint$/, 'cat /var/run/aws-node/ipam.json'],
  [/^ipamd[-_]checkpoint[-_]cards$/, 'cat /var/run/aws-node/ipam-nic-*.json'],
  [/^(?:ipamd[-_])?ipam((?:-nic-\d+)?)$/, 'cat /var/run/aws-node/ipam$1.json'],
  [/^rt[-_]tables$/, 'cat /etc/iproute2/rt_tables'],
  [/^proc[-_]net[-_](\w+)$/, 'cat /proc/net/$1'],
]

const EXTENSION = /\.(txt|out|output|log|json|conf|save|cmd)$/

/**
 * What a file is by its name alone: `iptables-save.nft.txt`, `trunk__ip_r_s_t_101.txt`, `ip_-6_rule`, `arp-an.txt`.
 * @returns null where the name does not spell a command that is known
 */
export function roleOfName(path: string): CommandRole | null {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(EXTENSION, '')
  const bare = name.replace(/^.*__/, '')
  for (const spelled of [bare.replace(/\..*/, ''), bare]) {
    const spelling = SPELLINGS.find(([pattern]) => pattern.test(spelled))
    const command = spelling === undefined ? commandOf(spelled) : spelled.replace(spelling[0], spelling[1])
    const role = isTool(command.split(' ')[0] ?? '') ? roleOfCommand(command) : null
    if (role !== null) return {...role, ...backendOf(role, name)}
  }
  return null
}

/** Blanks of the command became `_`, or `-` where there is no `_`. */
function commandOf(name: string): string {
  const [tool = '', ...words] = name.split(name.includes('_') ? '_' : '-')
  return [tool, ...words.map((word, at) => restoreDash(tool, word, at))].filter(word => word !== '').join(' ')
}

/** Options lose their dash in names: `iptables-t-nat-nvL`, `ip-d-link`, `conntrack-L`. */
function restoreDash(tool: string, word: string, at: number): string {
  const lost = tool === 'ip' ? at === 0 && /^[46dsojN]$/.test(word) : /^([tSL]|[nvx]+L)$/.test(word)
  return lost ? `-${word}` : word
}

/** `iptables-save.nft.txt`: the backend as a remark. */
function backendOf({role}: CommandRole, name: string): Partial<CommandRole> {
  if (role.kind !== 'iptables' || role.backend !== null) return {}
  const remark = /\b(legacy|nft)\b/.exec(name)?.[1]
  return remark === undefined ? {} : {role: {...role, backend: remark === 'nft' ? 'iptables-nft' : 'iptables-legacy'}}
}
