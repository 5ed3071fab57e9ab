import type {Family} from '../../net/index.js'
import type {Backend, Hook, IpSet, IptablesRuleset, NodeState, TableName} from '../../model/index.js'
import {CompiledChain} from './compiledChain.js'
import {ConntrackTable} from './conntrackTable.js'

/** Where each table hooks in, and its priority there (enum nf_ip_hook_priorities). */
const PRIORITIES: Readonly<Record<TableName, Partial<Record<Hook, number>>>> = {
  raw: {PREROUTING: -300, OUTPUT: -300},
  mangle: {PREROUTING: -150, INPUT: -150, FORWARD: -150, OUTPUT: -150, POSTROUTING: -150},
  nat: {PREROUTING: -100, INPUT: 100, OUTPUT: -100, POSTROUTING: 100},
  filter: {INPUT: 0, FORWARD: 0, OUTPUT: 0},
  security: {INPUT: 50, FORWARD: 50, OUTPUT: 50},
}

export interface BaseChain {
  readonly hook: Hook
  readonly priority: number
  readonly table: TableName
  readonly backend: Backend
  readonly ruleset: CompiledRuleset
  readonly chain: CompiledChain
}

/** What one backend and family has of one table at one hook: a chain, or the fact that nobody knows. */
export interface UnknownChain {
  readonly hook: Hook
  readonly priority: number
  readonly table: TableName
  readonly backend: Backend
  readonly why: string
}

/** One save, with its chains compiled on demand. */
export class CompiledRuleset {
  readonly ruleset: IptablesRuleset
  readonly #sets: ReadonlyMap<string, IpSet> | null
  readonly #chains = new Map<string, CompiledChain | null>()

  constructor(ruleset: IptablesRuleset, sets: ReadonlyMap<string, IpSet> | null) {
    this.ruleset = ruleset
    this.#sets = sets
  }

  chain(table: string, name: string): CompiledChain | null {
    const key = `${table} ${name}`
    let compiled = this.#chains.get(key)
    if (compiled === undefined) {
      const chain = this.ruleset.tables.get(table)?.chains.get(name)
      compiled = chain === undefined ? null : new CompiledChain(chain, table, this.ruleset, this.#sets)
      this.#chains.set(key, compiled)
    }
    return compiled
  }
}

/** All of netfilter on the node that iptables holds, both backends, in the order in which the hooks run it. */
export class Netfilter {
  readonly conntrack: ConntrackTable
  readonly #rulesets: readonly CompiledRuleset[]
  readonly #hooks = new Map<string, readonly (BaseChain | UnknownChain)[]>()
  readonly #tracking = new Map<Family, boolean>()

  constructor(node: NodeState) {
    this.conntrack = new ConntrackTable(node.conntrack)
    this.#rulesets = node.iptables.map(ruleset => new CompiledRuleset(ruleset, node.ipsets))
  }

  isKnown(family: Family): boolean {
    return this.#rulesets.some(({ruleset}) => ruleset.family === family)
  }

  /** Backends of which the capture has a save; a node may hold rules in both. */
  backends(family: Family): readonly Backend[] {
    return this.#rulesets.filter(({ruleset}) => ruleset.family === family).map(({ruleset}) => ruleset.backend)
  }

  /** A table's chain at a hook, for each backend that has one; where a save leaves the table open, that. */
  at(family: Family, table: TableName, hook: Hook): readonly (BaseChain | UnknownChain)[] {
    const key = `${family} ${table} ${hook}`
    let chains = this.#hooks.get(key)
    if (chains === undefined) this.#hooks.set(key, (chains = this.#collect(family, table, hook)))
    return chains
  }

  #collect(family: Family, table: TableName, hook: Hook): (BaseChain | UnknownChain)[] {
    const priority = PRIORITIES[table][hook]
    if (priority === undefined) return []
    const found: (BaseChain | UnknownChain)[] = []
    for (const compiled of this.#rulesets) {
      const {ruleset} = compiled
      if (ruleset.family !== family) continue
      const common = {hook, priority, table, backend: ruleset.backend}
      const chain = compiled.chain(table, hook)
      if (chain !== null) {
        // a chain without rules that accepts leaves no trace and decides nothing
        if (chain.length > 0 || chain.policy === 'DROP') found.push({...common, ruleset: compiled, chain})
        continue
      }
      const unlisted = ruleset.unlisted.find(entry => entry.table === table)
      if (unlisted !== undefined) found.push({...common, why: unlisted.text})
      else if (!ruleset.complete && !ruleset.tables.has(table)) {
        found.push({...common, why: `${ruleset.document} does not hold the ${table} table`})
      }
    }
    return found
  }

  /**
   * Does anything ask for connection tracking? While nothing does, conntrack is not registered, and nat chains are not run at all.
   * Parses chains only until the first rule that asks.
   */
  tracks(family: Family): boolean {
    let tracks = this.#tracking.get(family)
    if (tracks === undefined) {
      tracks = this.#rulesets.some(({ruleset}) => ruleset.family === family && asksForTracking(ruleset))
      this.#tracking.set(family, tracks)
    }
    return tracks
  }
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
