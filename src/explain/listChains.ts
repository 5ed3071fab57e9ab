import {nativeTables} from '../eks/index.js'
import {type HookedChain, type HookPlace, type KernelFunction, orderHooks} from '../evaluate/index.js'
import type {
  Chain,
  IptablesRuleset,
  JsonChainRow,
  JsonChainRuleRow,
  NftChain,
  NftTable,
  NodeState,
  SourceRef,
} from '../model/index.js'

/**
 * What hooks in, hook by hook in the order in which the kernel runs it, all back ends and IPVS; then the chains that only others jump to. Rules are
 * not parsed. Null: neither a save nor a listing of nftables in the capture.
 */
export function listChains(node: NodeState): JsonChainRow[] | null {
  if (node.iptables.length === 0 && node.nft === null) return null
  const hooked = orderHooks(node).map(rowOfPlace)
  const shown = new Set(hooked.map(keyOf))
  return [...hooked, ...rowsOfSaves(node), ...rowsOfNative(node)].filter(
    row => row.hook !== null || !shown.has(keyOf(row)),
  )
}

/** A base chain of nftables stands in each family's hook; its own row has neither. */
function keyOf({backend, table, chain, source}: JsonChainRow): string {
  return `${backend} ${table} ${chain} ${source?.document ?? ''} ${source?.line ?? ''}`
}

function rowOfPlace({family, hook, position, open, chain, virtualServices}: HookPlace): JsonChainRow {
  if ('kernel' in chain) return rowOfKernel({family, hook, position}, chain, open)
  const {priority, type, table} = chain
  const lossy = 'lossy' in chain && chain.lossy
  const backend = lossy ? 'iptables-nft' : chain.backend
  const kind = backend === 'ipvs' ? null : type
  const place = {family, hook, position, priority, type: kind, backend, table, ...tellChain(chain)}
  const notes = [lossy ? 'as nft lists it, with losses' : null, place.note, natNote(chain), open].filter(
    note => note !== null,
  )
  return {
    ...place,
    tableFamily: lossy ? null : place.tableFamily,
    note: notes.length === 0 ? null : notes.join('; '),
    source: place.source ?? (backend === 'ipvs' ? (virtualServices?.source ?? null) : null),
  }
}

function rowOfKernel(
  place: Pick<JsonChainRow, 'family' | 'hook' | 'position'>,
  {kernel, priority, what}: KernelFunction,
  open: string | null,
): JsonChainRow {
  return {
    ...place,
    priority,
    type: null,
    backend: 'kernel',
    table: '',
    tableFamily: null,
    chain: kernel,
    policy: null,
    rules: null,
    note: open === null ? what : `${what}; ${open}`,
    source: null,
  }
}

/** What a chain's own priority and type do not say of when it runs, and what follows it. */
function natNote({hook, type, priority}: HookedChain): string | null {
  if (type === 'route') return 'routes again where it changed mark, addresses or TOS'
  if (type !== 'nat') return null
  const together = hook === 'PREROUTING' || hook === 'OUTPUT' ? -100 : 100
  return priority === together ? null : `with all nat chains, at ${together}`
}

type Told = Pick<JsonChainRow, 'tableFamily' | 'chain' | 'policy' | 'rules' | 'note' | 'source'>

const IPVS = {
  request: 'schedules',
  reply: 'un-NATs answers',
  icmp: 'ICMP errors',
} as const

function tellChain(chain: HookedChain): Told {
  if ('ipvs' in chain)
    return {tableFamily: null, chain: chain.name, policy: null, rules: null, note: IPVS[chain.ipvs], source: null}
  if ('nftChain' in chain) return tellNative(chain.nftTable, chain.nftChain)
  if (!('chain' in chain))
    return {
      tableFamily: null,
      chain: chain.hook,
      policy: null,
      rules: null,
      note: `not known: ${chain.why}`,
      source: null,
    }
  const {name, policy, ruleCount, source} = chain.chain.chain
  return {tableFamily: null, chain: name, policy, rules: ruleCount, note: null, source}
}

function tellNative({family, dormant}: NftTable, {name, base, misplaced, ruleCount, source}: NftChain): Told {
  const notes = [
    ...(base?.devices === null ? ['of devices that the listing does not show'] : []),
    ...(base?.devices != null && base.devices.length > 0 ? [`of ${base.devices.join(', ')}`] : []),
    ...(dormant && base !== null ? [`dormant: not in hook ${base.hook}`] : []),
    ...(misplaced ? ['a base chain: where it hooks in is not understood'] : []),
  ]
  return {
    tableFamily: family === 'arp' || family === 'bridge' ? null : family,
    chain: name,
    policy: base === null ? null : base.policy === 'drop' ? 'DROP' : 'ACCEPT',
    rules: ruleCount,
    note: notes.length === 0 ? null : notes.join('; '),
    source,
  }
}

const UNHOOKED = {hook: null, position: null, priority: null, type: null} as const

function rowsOfSaves(node: NodeState): JsonChainRow[] {
  return placesOf(node).map(({ruleset, table, chain}) => ({
    family: ruleset.family,
    ...UNHOOKED,
    backend: ruleset.backend,
    table,
    tableFamily: null,
    chain: chain.name,
    policy: chain.policy,
    rules: chain.ruleCount,
    note: null,
    source: chain.source,
  }))
}

function rowsOfNative(node: NodeState): JsonChainRow[] {
  const listed = packetTables(node).flatMap(table =>
    [...table.chains.values()].map(chain => ({
      family: familyOfTable(table),
      ...UNHOOKED,
      backend: 'nft' as const,
      table: table.name,
      ...tellNative(table, chain),
    })),
  )
  const cut = node.nft?.cut
  return cut === undefined ? listed : [...listed, rowOfCut(cut)]
}

function rowOfCut(source: SourceRef): JsonChainRow {
  const note = 'the listing breaks off here: chains that follow may hook in anywhere'
  const unknown = {tableFamily: null, chain: '…', policy: null, rules: null}
  return {family: null, ...UNHOOKED, backend: 'nft', table: '…', ...unknown, note, source}
}

/** Tables of packets that are walked: not arp, not bridge. */
function packetTables(node: NodeState): NftTable[] {
  return nativeTables(node).filter(({family}) => family !== 'arp' && family !== 'bridge')
}

function familyOfTable({family}: NftTable): 4 | 6 | null {
  return family === 'ip' ? 4 : family === 'ip6' ? 6 : null
}

/** The rules of every chain of a name: nat and filter may each have one. */
export function listChainRules(node: NodeState, name: string): JsonChainRuleRow[] {
  const saved = placesOf(node)
    .filter(({chain}) => chain.name === name)
    .flatMap(({ruleset, table, chain}) =>
      chain.rules.map(rule => ({
        family: ruleset.family,
        backend: ruleset.backend,
        table,
        chain: name,
        rule: rule.number,
        text: rule.text,
        packets: rule.counters?.packets ?? null,
        source: rule.source,
      })),
    )
  const native = packetTables(node).flatMap(table =>
    (table.chains.get(name)?.rules ?? []).map(rule => ({
      family: familyOfTable(table),
      backend: 'nft' as const,
      table: table.name,
      chain: name,
      rule: rule.number,
      text: rule.text.trim(),
      packets: null,
      source: rule.source,
    })),
  )
  return [...saved, ...native]
}

interface Place {
  readonly ruleset: IptablesRuleset
  readonly table: string
  readonly chain: Chain
}

function placesOf(node: NodeState): Place[] {
  return node.iptables.flatMap(ruleset =>
    [...ruleset.tables.values()].flatMap(table =>
      [...table.chains.values()].map(chain => ({ruleset, table: table.name, chain})),
    ),
  )
}
