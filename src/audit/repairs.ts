import {type EksNode, type Eni, type Pod, toolOfLine, vethOfPod} from '../eks/index.js'
import {
  type ChainRule,
  type Evidence,
  type NftChain,
  type NftRule,
  type NftTable,
  type NodeState,
  type PolicyRule,
  type TableName,
  tableName,
} from '../model/index.js'
import {type Address, type Family, familyOf, formatAddress} from '../net/index.js'

/** A CNI that starts anew writes its rules and routes anew. */
export const RESTART_CNI = 'kubectl -n kube-system delete pod AWS_NODE_POD_OF_THIS_NODE'

/** The command that deletes a rule as iptables-save shows it, counters or not. */
export function deleteRule(state: NodeState, table: TableName, rule: Evidence): string {
  return `${toolOfLine(state, rule)} -t ${table} ${rule.text.trim().replace(/^(\[\S+\] )?-A /, '-D ')}`
}

/** The command that puts other words in the place of a rule; null: the rule is not as iptables-save prints it, or the words stay. */
export function replaceRule(
  state: NodeState,
  table: TableName,
  rule: ChainRule,
  change: (words: string) => string,
): string | null {
  const [, chain, words] = /^(?:\[\S+\] )?-A (\S+) (.*)$/.exec(rule.text.trim()) ?? []
  if (chain === undefined || words === undefined || change(words) === words) return null
  return `${toolOfLine(state, rule)} -t ${table} -R ${chain} ${rule.number} ${change(words)}`
}

/** The rule by which the CNI translates what pods send outside the VPC, as iptables-save prints it behind `-A`. */
export function snatRule(chain: string, address: Address): string {
  return `${chain} ! -o vlan+ -m comment --comment "AWS, SNAT" -m addrtype ! --dst-type LOCAL -j SNAT --to-source ${formatAddress(address)} --random-fully`
}

/** The command that deletes a policy rule as `ip rule` shows it. */
export function deletePolicyRule({family, text, priority}: PolicyRule): string {
  const words = text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/^\d+: /, '')
    .replace(/ \[(?:detached|unresolved)\]/g, '')
    .replace(/^from all /, '')
  return `${ipFor(family)} rule del ${words} priority ${priority}`
}

function ipFor(family: Family): string {
  return family === 6 ? 'ip -6' : 'ip'
}

/** The route to a pod; none where its veth is not known. */
export function addPodRoute(eks: EksNode, pod: Pod): string[] {
  const device = vethOfPod(eks, pod)
  return device === null ? [] : [`ip route add ${formatAddress(pod.address)} dev ${device} scope link`]
}

/** `to POD`, by main. */
export function addToRule({address}: Pod): string {
  return `${ipFor(familyOf(address))} rule add to ${formatAddress(address)} lookup main priority 512`
}

/** `from POD`, by the table of its ENI. */
export function addFromRule(address: Address, eni: Eni): string {
  const table = eni.table === null ? 'TABLE_OF_THE_ENI' : tableName(eni.table.value)
  return `ip rule add from ${formatAddress(address)} lookup ${table} priority 1536`
}

/**
 * The command that puts other words in the place of a rule of nftables, or takes it away. Where the listing has no handles the whole chain is
 * written again, in one transaction; null: that cannot be quoted for a shell.
 * @param words null: none
 */
export function replaceNftRule(table: NftTable, chain: NftChain, rule: NftRule, words: string | null): string[] | null {
  const place = `${table.family} ${table.name} ${chain.name}`
  if (rule.handle !== null && words === null) return [`nft delete rule ${place} handle ${rule.handle}`]
  if (rule.handle !== null && words !== null) return nftCommand(`replace rule ${place} handle ${rule.handle} ${words}`)
  const rules = chain.rules.flatMap(each => (each === rule ? (words ?? []) : each.text.trim()))
  return nftCommand([`flush chain ${place}`, ...rules.map(text => `add rule ${place} ${text}`)].join('; '))
}

/** A command of nft as a shell takes it; null: it cannot be quoted. */
export function nftCommand(command: string): string[] | null {
  if (!/["';{}&|<>()*]/.test(command)) return [`nft ${command}`]
  return command.includes("'") ? null : [`nft '${command}'`]
}
