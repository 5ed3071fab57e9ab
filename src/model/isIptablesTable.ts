import {HOOKS, TABLES} from './chain.js'
import type {NftTable} from './nft.js'

const NAMES: ReadonlySet<string> = new Set(TABLES)

/** A table that iptables-nft keeps. nft does not always say so: before 1.0.9 only the names of its table and base chains tell. */
export function isIptablesTable({family, name, chains, ofIptables}: NftTable): boolean {
  if (ofIptables) return true
  return (family === 'ip' || family === 'ip6') && NAMES.has(name) && HOOKS.some(hook => chains.has(hook))
}
