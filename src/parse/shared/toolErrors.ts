/** What iptables, ipset, conntrack, sudo and the shells say in place of their output. */
const PHRASES = [
  /: (command )?not found$/,
  /^\S+ not installed$/,
  /: No such file or directory$/,
  /Permission denied/,
  /Operation not permitted/,
  /you must be root/,
  /do you need to insmod/,
  /Could not fetch rule set generation id/,
  /xtables lock/,
  /^(iptables|ip6tables|ipset|conntrack|ipvsadm)[\w-]*( v[\d.]+)?( \(\w+\))?: /,
  /^(sudo|timeout|env|nsenter|chroot): /,
  /^\[sudo\] /,
]

export function isToolError(line: string): boolean {
  return PHRASES.some(phrase => phrase.test(line))
}
