import {HOOKS, type Hook, type NftChain, type NftFamily, type NftTable, TABLES} from '../../model/index.js'
import type {Family} from '../../net/index.js'
import type {CompiledTable} from './compiledSet.js'

/** Netfilter's hooks, and those of a device. */
export type NativeHook = Hook | 'INGRESS' | 'EGRESS'

/** A base chain of nftables, or one that may be one, at its place. */
export interface NativeChain {
  readonly hook: NativeHook
  readonly priority: number
  readonly type: 'filter' | 'nat' | 'route'
  readonly table: string
  readonly backend: 'nft'
  readonly nftTable: NftTable
  readonly compiled: CompiledTable
  readonly nftChain: NftChain
  /** It is a chain of iptables-nft, of which no save tells: what nft prints of its rules is not all there is to them. */
  readonly lossy?: true
}

/**
 * The native base chains at a hook. Chains of iptables-nft, which a listing shows too and with losses, are left out: their save tells them.
 * Chains of dormant tables are not hooked in. @param idle also those without rules that accept: they decide nothing
 */
export function nativeChains(
  tables: readonly CompiledTable[],
  family: Family,
  hook: NativeHook,
  idle = false,
): NativeChain[] {
  return tables
    .filter(({table}) => !table.dormant && speaksFor(table.family, family))
    .flatMap(compiled =>
      compiled.bases.flatMap(chain => {
        const place = placeOf(compiled, chain, hook, idle)
        return place === null ? [] : [place]
      }),
    )
}

function placeOf(compiled: CompiledTable, nftChain: NftChain, hook: NativeHook, idle: boolean): NativeChain | null {
  const {base, misplaced} = nftChain
  // where it hooks in is not known: it may be here, before all others
  if (misplaced) return {hook, priority: -Infinity, type: 'filter', ...named(compiled, nftChain)}
  if (base === null || base.hook !== hook.toLowerCase()) return null
  if (!idle && nftChain.ruleCount === 0 && base.policy === 'accept' && nftChain.cut === undefined) return null
  return {hook, priority: base.priority, type: base.type, ...named(compiled, nftChain)}
}

function named(
  compiled: CompiledTable,
  nftChain: NftChain,
): Pick<NativeChain, 'table' | 'backend' | 'nftTable' | 'compiled' | 'nftChain'> {
  const {table} = compiled
  return {table: table.name, backend: 'nft', nftTable: table, compiled, nftChain}
}

/** The base chains of a device, and those of devices that the listing does not show. */
export function deviceChains(
  tables: readonly CompiledTable[],
  family: Family,
  hook: 'INGRESS' | 'EGRESS',
  device: string,
): NativeChain[] {
  return nativeChains(tables, family, hook)
    .filter(({nftChain}) => nftChain.base?.devices?.some(name => isNamed(device, name)) !== false)
    .sort((a, b) => a.priority - b.priority)
}

/** `eth*`: all whose names begin so. */
function isNamed(device: string, name: string): boolean {
  return name.endsWith('*') ? device.startsWith(name.slice(0, -1)) : device === name
}

export function speaksFor(table: NftFamily, family: Family): boolean {
  return table === 'inet' || table === 'netdev' || table === (family === 4 ? 'ip' : 'ip6')
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
