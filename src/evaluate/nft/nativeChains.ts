import {
  HOOKS,
  type Hook,
  type NftChain,
  type NftFamily,
  type NftRuleset,
  type NftTable,
  TABLES,
} from '../../model/index.js'
import type {Family} from '../../net/index.js'

/** A base chain of nftables, or one that may be one, at its place. */
export interface NativeChain {
  readonly hook: Hook
  readonly priority: number
  readonly type: 'filter' | 'nat' | 'route'
  readonly table: string
  readonly backend: 'nft'
  readonly nftTable: NftTable
  readonly nftChain: NftChain
}

/**
 * The native base chains at a hook. Chains of iptables-nft, which a listing shows too and with losses, are left out: their save tells them.
 * Chains of dormant tables are not hooked in. A chain without rules that accepts decides nothing.
 */
export function nativeChains(ruleset: NftRuleset, family: Family, hook: Hook): NativeChain[] {
  return ruleset.tables
    .filter(table => !table.dormant && speaksFor(table.family, family))
    .flatMap(table =>
      [...table.chains.values()].flatMap(chain => {
        const place = placeOf(table, chain, hook)
        return place === null ? [] : [place]
      }),
    )
}

function placeOf(nftTable: NftTable, nftChain: NftChain, hook: Hook): NativeChain | null {
  const {base, misplaced} = nftChain
  // where it hooks in is not known: it may be here, before all others
  if (misplaced) return {hook, priority: -Infinity, type: 'filter', ...named(nftTable, nftChain)}
  if (base === null || base.hook !== hook.toLowerCase()) return null
  if (nftChain.ruleCount === 0 && base.policy === 'accept' && nftChain.cut === undefined) return null
  return {hook, priority: base.priority, type: base.type, ...named(nftTable, nftChain)}
}

function named(
  nftTable: NftTable,
  nftChain: NftChain,
): Pick<NativeChain, 'table' | 'backend' | 'nftTable' | 'nftChain'> {
  return {table: nftTable.name, backend: 'nft', nftTable, nftChain}
}

export function speaksFor(table: NftFamily, family: Family): boolean {
  return table === 'inet' || table === (family === 4 ? 'ip' : 'ip6')
}

const HOOK_NAMES: ReadonlySet<string> = new Set(HOOKS)
const TABLE_NAMES: ReadonlySet<string> = new Set(TABLES)

/**
 * Is it one of the base chains that iptables-nft makes? By table and name: nothing else in a listing tells for certain, and whoever uses these
 * names uses iptables' own chains.
 */
export function isOfIptables({nftTable, nftChain}: NativeChain): boolean {
  const {family, name} = nftTable
  return (family === 'ip' || family === 'ip6') && TABLE_NAMES.has(name) && HOOK_NAMES.has(nftChain.name)
}
