import {roleOfIp} from './ipCommand.js'
import {roleOfIptables} from './iptablesCommand.js'
import type {CommandRole, Role} from './role.js'

/** Tools whose arguments do not change what their output is. */
const PLAIN: Readonly<Record<string, Role>> = {
  arp: {kind: 'neighbours'},
  route: {kind: 'plain-routes', tool: 'route -n'},
  ifconfig: {kind: 'addresses', tool: 'ifconfig'},
  sysctl: {kind: 'sysctl'},
  ipvsadm: {kind: 'ipvs'},
  ethtool: {kind: 'card-counters'},
  hostname: {kind: 'hostname'},
  uname: {kind: 'hostname'},
}

/** Files that `cat` shows, by the end of their path. */
const FILES: readonly (readonly [RegExp, Role])[] = [
  [/\/net\/arp$/, {kind: 'neighbours'}],
  [/\/net\/route$/, {kind: 'plain-routes', tool: '/proc/net/route'}],
  [/\/net\/ipv6_route$/, {kind: 'plain-routes', tool: '/proc/net/ipv6_route'}],
  [/\/net\/fib_trie$/, {kind: 'plain-routes', tool: '/proc/net/fib_trie'}],
  [/\/net\/if_inet6$/, {kind: 'addresses', tool: '/proc/net/if_inet6'}],
  [/\/nf_conntrack$/, {kind: 'conntrack'}],
  [/\/ip_vs(_conn)?$/, {kind: 'ipvs'}],
  [/\/ip_tables_names$/, {kind: 'legacy-tables', family: 4}],
  [/\/ip6_tables_names$/, {kind: 'legacy-tables', family: 6}],
  [/\/ipam\.json$/, {kind: 'ipamd', part: 'checkpoint'}],
  [/\/ipam-nic-[\d*]+\.json$/, {kind: 'ipamd', part: 'card-checkpoint'}],
  [/rt_tables(\.d\/\S+)?$/, {kind: 'rt-tables'}],
  [/\/etc\/hostname$/, {kind: 'hostname'}],
  [/\/cloud\/data\/instance-id$/, {kind: 'instance'}],
]

/** ipamd's introspection endpoints, by the end of their URL. */
const ENDPOINTS: readonly (readonly [RegExp, Role])[] = [
  [/\/v1\/enis$/, {kind: 'ipamd', part: 'enis'}],
  [/\/v1\/pods$/, {kind: 'ipamd', part: 'pods'}],
  [/\/v1\/(networkutils|ipamd)-env-settings$/, {kind: 'ipamd', part: 'environment'}],
  [/\/v1\/eni-configs$/, {kind: 'unread'}],
  [/\/metrics$/, {kind: 'unread'}],
  [/\/meta-data\/instance-id$/, {kind: 'instance'}],
]

/**
 * What the output of a command is. Wrappers do not matter: `sudo -n timeout 75 nsenter -t 1 -n ip rule`, `kubectl exec … -- ip rule`,
 * `ip netns exec cni-1 ip route`; nor does what follows a pipe.
 * @returns null for a command that says nothing of a node's networking
 */
export function roleOfCommand(command: string): CommandRole | null {
  const words = (command.split(/[|;>]|&&/)[0] ?? '').trim().split(/\s+/)
  const at = words.findIndex(word => toolOf(word) !== null)
  const tool = at < 0 ? null : toolOf(words[at] ?? '')
  if (tool === null) return null
  const rest = words.slice(at + 1)
  const exec = tool === 'ip' ? rest.indexOf('exec') : -1
  if (exec > 0 && rest[exec - 1] === 'netns') {
    const all = /^-a(ll)?$/.test(rest[0] ?? '')
    const inner = roleOfCommand(rest.slice(all ? exec + 1 : exec + 2).join(' '))
    return inner === null ? null : {...inner, namespace: all ? '*' : (rest[exec + 1] ?? null)}
  }
  const role = roleOfTool(tool, rest)
  return role === null ? null : {role, namespace: null}
}

/** Is it the name of a tool whose output is known? */
export function isTool(word: string): boolean {
  return toolOf(word) !== null
}

function toolOf(word: string): string | null {
  const name = word.slice(word.lastIndexOf('/') + 1)
  const known =
    /^(ip|ip6?tables(-(nft|legacy))?(-save)?|xtables-save|ipset|conntrack|nft|arp|route|netstat|ifconfig|sysctl|ipvsadm|ethtool|hostname|uname|cat|find|curl)$/
  return known.test(name) ? name : null
}

function roleOfTool(tool: string, words: readonly string[]): Role | null {
  if (words.length === 1 && /^(-V|--version|-v)$/.test(words[0] ?? '') && tool !== 'uname')
    return {kind: 'version', tool}
  if (tool === 'ip') return roleOfIp(words)
  if (/tables/.test(tool)) return roleOfIptables(tool, words)
  if (tool === 'netstat')
    return words.some(word => /^-\w*r/.test(word)) ? {kind: 'plain-routes', tool: 'route -n'} : null
  if (tool === 'ipset') return words.some(word => /^-*(save|list|L|S)$/.test(word)) ? {kind: 'ipset'} : null
  if (tool === 'conntrack')
    return words.some(word => /^(-L|--dump)$/.test(word))
      ? {kind: 'conntrack'}
      : {kind: words.some(word => /^(-S|--stats)$/.test(word)) ? 'conntrack-counters' : 'unread'}
  // other listings lack the rules
  if (tool === 'nft')
    return words.includes('list') ? {kind: words.some(word => /^(ruleset|table)$/.test(word)) ? 'nft' : 'unread'} : null
  if (tool === 'cat') return roleOfLast(FILES, words)
  // find FOLDER -name PATTERN -exec cat {} +
  if (tool === 'find') return roleOfLast(FILES, [`${words[0]}/${words[words.indexOf('-name') + 1]}`])
  if (tool === 'curl') return roleOfLast(ENDPOINTS, words)
  return PLAIN[tool] ?? null
}

function roleOfLast(roles: readonly (readonly [RegExp, Role])[], words: readonly string[]): Role | null {
  const file = words.findLast(word => word.includes('/'))?.replace(/['"]/g, '')
  return file === undefined ? null : (roles.find(([pattern]) => pattern.test(file))?.[1] ?? null)
}
