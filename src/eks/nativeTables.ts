import {isIptablesTable, type NftTable, type NodeState} from '../model/index.js'

/** The tables of nftables that iptables-nft does not keep: of its own ones a listing is lossy, and its save tells them. */
export function nativeTables({nft}: Pick<NodeState, 'nft'>): NftTable[] {
  return (nft?.tables ?? []).filter(table => !isIptablesTable(table))
}
