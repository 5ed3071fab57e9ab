import {spawnSync} from 'node:child_process'

const TOOLS = [
  'ip',
  'iptables-nft-restore',
  'iptables-legacy-restore',
  'ip6tables-nft-restore',
  'ip6tables-legacy-restore',
  'nft',
  'ipset',
  'conntrack',
  'sysctl',
  'python3',
]

/** Why the kernel tests cannot run here; null where they can. */
export function labObstacle(): string | null {
  if (process.platform !== 'linux') return `they need Linux, this is ${process.platform}`
  if (process.getuid?.() !== 0) return 'they need root'
  const missing = TOOLS.filter(tool => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0)
  if (missing.length > 0) return `they need ${missing.join(', ')}`
  const name = `ekspath-probe-${process.pid}`
  const made = spawnSync('ip', ['netns', 'add', name], {encoding: 'utf8'})
  if (made.status !== 0) return `no network namespace can be made here: ${made.stderr.trim()}`
  spawnSync('ip', ['netns', 'del', name])
  return null
}
