import type {Family} from '../../net/index.js'
import type {
  Backend,
  Hook,
  IpSet,
  IptablesRuleset,
  NftChain,
  NftRuleset,
  NodeState,
  SourceRef,
  TableName,
} from '../../model/index.js'
import {hookPriority, TABLES} from '../../model/index.js'
import {type IpvsHook, ipvsHooks} from '../ipvs/ipvsHook.js'
import {VirtualServices} from '../ipvs/virtualServices.js'
import {CompiledTable} from '../nft/compiledSet.js'
import {
  isOfIptables,
  type NativeChain,
  type NativeHook,
  deviceChains,
  nativeChains,
  speaksFor,
} from '../nft/nativeChains.js'
import {tableAsksForTracking} from '../nft/tracking.js'
import {CompiledChain} from './compiledChain.js'
import {ConntrackTable} from './conntrackTable.js'
import {divideHook, type Equals, groupEquals, type HookParts} from './hookParts.js'

type DeviceHook = 'INGRESS' | 'EGRESS'

const NONE: readonly Equals[] = []

interface Place {
  readonly hook: NativeHook
  readonly priority: number
  /** `nat` chains see first packets only, and run together; `route` chains route own packets again. */
  readonly type: 'filter' | 'nat' | 'route'
  readonly table: string
  readonly backend: Backend | 'nft'
}

export interface BaseChain extends Place {
  readonly backend: Backend
  readonly ruleset: CompiledRuleset
  readonly chain: CompiledChain
}

/** A chain that may exist, of which the capture does not say what it holds. */
export interface UnknownChain extends Place {
  readonly why: string
  /** Under which condition there is nothing in it that matters; absent where the node is known to have it, or is no node without it. */
  readonly idle?: string
}

export type HookedChain = BaseChain | NativeChain | UnknownChain | IpvsHook

/** One save, with its chains compiled on demand. */
export class CompiledRuleset {
  readonly ruleset: IptablesRuleset
  readonly #sets: ReadonlyMap<string, IpSet> | null
  readonly #tables = new Map<string, Map<string, CompiledChain | null>>()

  constructor(ruleset: IptablesRuleset, sets: ReadonlyMap<string, IpSet> | null) {
    this.ruleset = ruleset
    this.#sets = sets
  }

  chain(table: string, name: string): CompiledChain | null {
    let chains = this.#tables.get(table)
    if (chains === undefined) this.#tables.set(table, (chains = new Map<string, CompiledChain | null>()))
    let compiled = chains.get(name)
    if (compiled === undefined) {
      const chain = this.ruleset.tables.get(table)?.chains.get(name)
      compiled = chain === undefined ? null : new CompiledChain(chain, table, this.ruleset, this.#sets)
      chains.set(name, compiled)
    }
    return compiled
  }
}

/** Netfilter as iptables holds it on the node, all back ends, in the order in which the hooks run it. */
export class Netfilter {
  readonly conntrack: ConntrackTable
  readonly virtualServices: VirtualServices
  readonly #rulesets: readonly CompiledRuleset[]
  readonly #silent: NodeState['silentSaves']
  readonly #nft: NftRuleset | null
  readonly #nftTables: readonly CompiledTable[]
  readonly #hooks: Record<Family, Map<Hook, HookParts>> = {4: new Map(), 6: new Map()}
  readonly #devices: Record<Family, Record<DeviceHook, Map<string, readonly Equals[]>>> = {
    4: {INGRESS: new Map(), EGRESS: new Map()},
    6: {INGRESS: new Map(), EGRESS: new Map()},
  }
  readonly #tracking = new Map<Family, boolean>()
  readonly #known: Record<Family, boolean>

  constructor(node: NodeState) {
    this.#silent = node.silentSaves
    this.#nft = node.nft
    this.#nftTables = (node.nft?.tables ?? []).map(table => new CompiledTable(table))
    this.conntrack = new ConntrackTable(node.conntrack)
    this.virtualServices = new VirtualServices(node)
    this.#rulesets = node.iptables.map(ruleset => new CompiledRuleset(ruleset, node.ipsets))
    const isKnown = (family: Family): boolean =>
      this.#nft?.complete === true || this.#rulesets.some(({ruleset}) => ruleset.family === family)
    this.#known = {4: isKnown(4), 6: isKnown(6)}
  }

  isKnown(family: Family): boolean {
    return this.#known[family]
  }

  /** The save of this family that printed nothing, where there is one. */
  silentSave(family: Family): SourceRef | null {
    return this.#silent.find(silent => silent.family === family)?.source ?? null
  }

  /** Back ends of which the capture tells; a node may hold rules in both. A whole listing of nftables shows what iptables-nft holds. */
  backends(family: Family): readonly Backend[] {
    const saved = this.#rulesets.filter(({ruleset}) => ruleset.family === family).map(({ruleset}) => ruleset.backend)
    return this.#nft?.complete === true && !saved.includes('iptables-nft') ? [...saved, 'iptables-nft'] : saved
  }

  /** Does each save of the family say which back end it is of? A listing does not. */
  saysBackend(family: Family): boolean {
    return this.#rulesets.every(({ruleset}) => ruleset.family !== family || ruleset.backendKnown)
  }

  /** The base chains at a hook. Chains without rules that accept are left out: they decide nothing. */
  at(family: Family, hook: Hook): HookParts {
    let parts = this.#hooks[family].get(hook)
    if (parts === undefined) {
      this.#hooks[family].set(hook, (parts = divideHook(hook, this.#chains(family, hook, false))))
    }
    return parts
  }

  /** All base chains at a hook by priority, those that decide nothing among them; of ingress and egress, those of all devices. */
  everything(family: Family, hook: NativeHook): readonly HookedChain[] {
    if (hook !== 'INGRESS' && hook !== 'EGRESS') return this.#chains(family, hook, true)
    return nativeChains(this.#nftTables, family, hook, true).sort((a, b) => a.priority - b.priority)
  }

  #chains(family: Family, hook: Hook, idle: boolean): readonly HookedChain[] {
    const saved = this.#rulesets
      .filter(({ruleset}) => ruleset.family === family)
      .flatMap(compiled => TABLES.flatMap(table => hooked(compiled, table, hook, idle)))
      // of a table that no save tells, nft's listing tells something
      .filter(chain => !('why' in chain) || chain.backend !== 'iptables-nft' || !this.#isListed(family, chain.table))
    const virtual = ipvsHooks(this.virtualServices, family, hook)
    return [...saved, ...this.#native(family, hook, idle), ...virtual].sort((a, b) => a.priority - b.priority)
  }

  /** The base chains of a device, by priority. */
  atDevice(family: Family, hook: DeviceHook, device: string): readonly Equals[] {
    if (this.#nftTables.length === 0) return NONE
    const known = this.#devices[family][hook]
    let groups = known.get(device)
    if (groups === undefined)
      known.set(device, (groups = groupEquals(deviceChains(this.#nftTables, family, hook, device))))
    return groups
  }

  #native(family: Family, hook: Hook, idle: boolean): readonly HookedChain[] {
    const native = nativeChains(this.#nftTables, family, hook, idle).flatMap((chain): HookedChain[] => {
      if (!isOfIptables(chain)) return [chain]
      return this.#isSaved(family, chain.table) ? [] : [{...chain, lossy: true}]
    })
    const cut = this.#nft?.cut
    return cut === undefined ? native : [...native, behindCut(hook, cut)]
  }

  /** Does a save of iptables-nft tell the rules of the table? */
  #isSaved(family: Family, table: string): boolean {
    return this.#rulesets.some(
      ({ruleset}) => ruleset.family === family && ruleset.backend === 'iptables-nft' && ruleset.tables.has(table),
    )
  }

  #isListed(family: Family, name: string): boolean {
    return this.#nftTables.some(({table}) => table.name === name && table.family === (family === 4 ? 'ip' : 'ip6'))
  }

  /**
   * When the nat chains of a family were hooked in, all hooks at once with the first of them (nf_nat_register_fn), against a chain of nftables.
   * Null: the capture does not tell.
   */
  natAgainst(family: Family, {nftTable, nftChain}: NativeChain): 'earlier' | 'later' | null {
    const isNat = (chain: NftChain): boolean => chain.misplaced || chain.base?.type === 'nat'
    const chains = [...nftTable.chains.values()]
    if (chains.slice(0, chains.indexOf(nftChain)).some(isNat)) return 'earlier'
    const saved = this.#rulesets.some(
      ({ruleset}) => ruleset.family === family && (!ruleset.complete || ruleset.tables.has('nat')),
    )
    const elsewhere = this.#nftTables.some(
      ({table}) =>
        table !== nftTable &&
        !table.dormant &&
        speaksFor(table.family, family) &&
        [...table.chains.values()].some(isNat),
    )
    return saved || elsewhere ? null : 'later'
  }

  /**
   * Does anything ask for connection tracking? While nothing does, conntrack is not registered, and nat chains are not run at all.
   * Parses chains only until the first rule that asks.
   */
  tracks(family: Family): boolean {
    let tracks = this.#tracking.get(family)
    if (tracks === undefined) {
      tracks =
        this.#rulesets.some(({ruleset}) => ruleset.family === family && asksForTracking(ruleset)) ||
        this.#nftTables.some(({table}) => speaksFor(table.family, family) && tableAsksForTracking(table))
      this.#tracking.set(family, tracks)
    }
    return tracks
  }
}

/** What follows where a listing of nftables breaks off: it may be here, before all others. */
function behindCut(hook: Hook, {document, line}: SourceRef): UnknownChain {
  const why = `${document} breaks off at line ${line}, and chains that follow may hook in here`
  return {hook, priority: -Infinity, type: 'filter', table: '…', backend: 'nft', why}
}

/** @param idle also a chain without rules that accepts */
function hooked(compiled: CompiledRuleset, table: TableName, hook: Hook, idle: boolean): HookedChain[] {
  const {ruleset} = compiled
  const priority = hookPriority(table, hook, ruleset.backend)
  if (priority === undefined) return []
  const type = table === 'nat' ? 'nat' : table === 'mangle' && hook === 'OUTPUT' ? 'route' : 'filter'
  const place = {hook, priority, type, table, backend: ruleset.backend} as const
  const chain = compiled.chain(table, hook)
  if (chain !== null)
    return idle || chain.length > 0 || chain.policy === 'DROP' ? [{...place, ruleset: compiled, chain}] : []
  const unlisted = ruleset.unlisted.find(entry => entry.table === table)
  if (unlisted !== undefined) return [{...place, why: unlisted.text}]
  if (ruleset.complete || ruleset.tables.has(table)) return []
  const why = `${ruleset.document} does not hold it`
  return [SIDE_TABLES.has(table) ? {...place, why, idle: idleTables(ruleset)} : {...place, why}]
}

/** Tables that do nothing to most packets. kube-proxy and the CNI have rules in the others, without which there is no answer at all. */
const SIDE_TABLES: ReadonlySet<TableName> = new Set(['raw', 'mangle', 'security'])

/** One condition for all side tables that a listing leaves out: nobody reads one for each. */
function idleTables({family, tables, unlisted}: IptablesRuleset): string {
  const listed = (table: string): boolean => tables.has(table) || unlisted.some(entry => entry.table === table)
  const names = [...SIDE_TABLES].filter(table => !listed(table))
  const subject =
    names.length === 1 ? `the table ${names[0]}` : `the tables ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
  const verb = names.length === 1 ? 'does' : 'do'
  return `${subject} of IPv${family}, which the capture does not show, ${verb} nothing to the packet or its answer`
}

const TRACKING_TARGETS = new Set([
  'dnat',
  'snat',
  'masquerade',
  'redirect',
  'netmap',
  'connmark-set',
  'connmark-save',
  'connmark-restore',
  'ct',
])
const TRACKING_MATCHES = new Set([
  'connmark',
  'ct-state',
  'ct-status',
  'ct-direction',
  'ct-protocol',
  'ct-address',
  'ct-port',
  'ct-expire',
])
const TRACKING_MODULES = new Set(['connbytes', 'connlabel', 'connlimit', 'helper', 'cluster'])

function asksForTracking(ruleset: IptablesRuleset): boolean {
  // a table that nobody listed may be what asks
  if (ruleset.unlisted.length > 0 || !ruleset.complete) return true
  for (const table of ruleset.tables.values()) {
    for (const chain of table.chains.values()) {
      for (const rule of chain.rules) {
        if (TRACKING_TARGETS.has(rule.target.kind)) return true
        for (const match of rule.matches) {
          if (TRACKING_MATCHES.has(match.kind)) return true
          if (match.kind === 'opaque' && TRACKING_MODULES.has(match.module)) return true
        }
      }
    }
  }
  return false
}
