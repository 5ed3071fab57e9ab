import {HOOKS, type NftTable, type NodeState, TABLES} from '../model/index.js'

const NAMES: ReadonlySet<string> = new Set(TABLES)

/** The tables of nftables that iptables-nft does not keep: of its own ones a listing is lossy, and its save tells them. */
export function nativeTables({nft}: Pick<NodeState, 'nft'>): NftTable[] {
  return (nft?.tables ?? []).filter(table => !isOfIptables(table))
}

/** nft does not always say so: before 1.0.9 only the names of its table and base chains tell. */
function isOfIptables({family, name, chains, ofIptables}: NftTable): boolean {
  if (ofIptables) return true
  return (family === 'ip' || family === 'ip6') && NAMES.has(name) && HOOKS.some(hook => chains.has(hook))
}
