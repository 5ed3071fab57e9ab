import type {Backend, Hook, TableName} from './chain.js'

/** Where each table of iptables hooks in, and its priority there (enum nf_ip_hook_priorities). */
const PRIORITIES: Readonly<Record<TableName, Partial<Record<Hook, number>>>> = {
  raw: {PREROUTING: -300, OUTPUT: -300},
  mangle: {PREROUTING: -150, INPUT: -150, FORWARD: -150, OUTPUT: -150, POSTROUTING: -150},
  nat: {PREROUTING: -100, INPUT: 100, OUTPUT: -100, POSTROUTING: 100},
  filter: {INPUT: 0, FORWARD: 0, OUTPUT: 0},
  security: {INPUT: 50, FORWARD: 50, OUTPUT: 50},
}
const NFT_SECURITY_PRIORITY = 150

/** The priority of a table of iptables at a hook; undefined where it does not hook in there. iptables-nft gives `security` one of its own. */
export function hookPriority(table: TableName, hook: Hook, backend: Backend): number | undefined {
  const priority = PRIORITIES[table][hook]
  return priority !== undefined && table === 'security' && backend === 'iptables-nft' ? NFT_SECURITY_PRIORITY : priority
}
