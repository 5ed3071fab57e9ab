import type {Hook} from '../../model/index.js'
import type {Family} from '../../net/index.js'
import type {HookedChain} from '../netfilter/netfilter.js'
import {type ChainVerdict, runChain} from '../netfilter/runChain.js'
import {runNftChain} from '../nft/runNftChain.js'
import {endpoint} from './describe.js'
import {Undetermined, type Walk} from './walk.js'

/** Null: the packet goes on. */
export type HookVerdict = Extract<ChainVerdict, {kind: 'drop' | 'reject'}> | null

/** NF_IP_PRI_CONNTRACK: before it no packet has a connection. */
export const CONNTRACK_PRIORITY = -200

/** All nat chains of a hook run as one, here (NF_IP_PRI_NAT_DST and _SRC); among themselves by their own priorities. */
export function natPriority(hook: Hook): number {
  return hook === 'PREROUTING' || hook === 'OUTPUT' ? -100 : 100
}

/**
 * Runs the chains of a hook whose priority is at least `from` and below `to`, all back ends together; nat chains have a place of their own.
 * @param each what the kernel does around each chain
 */
export function runHook(walk: Walk, hook: Hook, from: number, to: number, each: ChainRunner = runBase): HookVerdict {
  requireRules(walk)
  const chains = walk.netfilter.at(walk.packet.family, hook)
  const mine = chains.filter(chain => chain.type !== 'nat' && chain.priority >= from && chain.priority < to)
  for (const base of ordered(walk, mine)) {
    const verdict = each(walk, base)
    if (verdict.kind === 'drop' || verdict.kind === 'reject') return verdict
  }
  return null
}

/** Runs the chains of a device: `ingress` before all others, `egress` behind them. */
export function runDeviceHook(walk: Walk, hook: 'INGRESS' | 'EGRESS', device: string): HookVerdict {
  for (const base of ordered(walk, walk.netfilter.atDevice(walk.packet.family, hook, device))) {
    const verdict = runBase(walk, base)
    if (verdict.kind === 'drop' || verdict.kind === 'reject') return verdict
  }
  return null
}

export type ChainRunner = (walk: Walk, base: HookedChain) => ChainVerdict

/**
 * Runs the nat chains of a hook (nf_nat_inet_fn): only for the first packet of a connection, only until one of them sets up a binding, and
 * then rewrites the packet as the connection says.
 */
export function runNat(walk: Walk, hook: Hook): HookVerdict {
  requireRules(walk)
  const {packet} = walk
  const {connection} = packet
  if (connection === null) return null
  const side = hook === 'POSTROUTING' || hook === 'INPUT' ? 'source' : 'destination'
  const done = side === 'source' ? connection.sourceDone : connection.destinationDone
  if (packet.ctInfo === 'new' && !done) {
    const chains = walk.netfilter.at(packet.family, hook).filter(chain => chain.type === 'nat')
    for (const base of ordered(walk, chains)) {
      const verdict = runBase(walk, base)
      if (verdict.kind === 'drop' || verdict.kind === 'reject') return verdict
      if (verdict.kind === 'bound') break
    }
    if (side === 'source') connection.sourceDone = true
    else connection.destinationDone = true
  }
  rewrite(walk, side)
  return null
}

/** nf_nat_packet: which side is rewritten here, and to what, follows from the tuple of the other direction. */
function rewrite(walk: Walk, side: 'source' | 'destination'): void {
  const {packet} = walk
  const {connection} = packet
  if (connection === null) return
  const reply = packet.direction === 'reply'
  const changes = (side === 'source') !== reply ? connection.sourceNat : connection.destinationNat
  if (!changes) return
  const target = reply ? connection.original : connection.reply
  const before = walk.tracing ? endpoint(packet, side) : ''
  if (side === 'source') {
    packet.source = target.destination
    packet.sourcePort = target.destinationPort
  } else {
    packet.destination = target.source
    packet.destinationPort = target.sourcePort
  }
  if (!walk.tracing) return
  const after = endpoint(packet, side)
  // what a rule of this walk did is told at the rule
  if (before !== after) {
    walk.step(
      'nat',
      'nat',
      'connection',
      connection.entry,
      `${side} ${before} → ${after}, as the connection says; no rule is asked`,
    )
  }
}

function requireRules(walk: Walk): void {
  const {family} = walk.packet
  if (walk.netfilter.isKnown(family)) return
  const command = family === 4 ? 'iptables-save' : 'ip6tables-save'
  const silent = walk.netfilter.silentSave(family)
  if (silent === null) {
    throw new Undetermined(
      'MISSING_INPUT',
      `the capture has no netfilter rules of IPv${family}: collect \`${command}\` as root`,
    )
  }
  if (walk.decide(`rules none ${family}`, `the node has no iptables rules (${silent.document} is empty)`)) return
  throw new Undetermined(
    'MISSING_INPUT',
    `${silent.document} is empty, which is also what ${command} prints without root rights or for the back end that is not in use: collect it as root, of both back ends`,
  )
}

/** Runs a base chain, of whichever back end. */
export function runBase(walk: Walk, base: HookedChain): ChainVerdict {
  if ('chain' in base) return runChain(walk, base)
  if ('nftChain' in base) {
    if (!base.nftChain.misplaced) return runNftChain(walk, base)
    const {nftTable, nftChain} = base
    throw new Undetermined(
      'UNMODELLED_RULES',
      `where the chain ${nftChain.name} of \`table ${nftTable.family} ${nftTable.name}\` hooks in is not understood: it may be here`,
      nftChain,
    )
  }
  const {table, backend, why, idle} = base
  if (idle !== undefined && walk.decide(`rules idle ${walk.packet.family} ${backend}`, idle)) return {kind: 'accept'}
  throw new Undetermined(
    'MISSING_INPUT',
    `the ${table} table of ${backend} is not known (${why}): collect \`${saveOf(base, walk.packet.family)}\` as root`,
  )
}

/** The command that tells the rules of a back end; where that is open, of the one in use. */
function saveOf({backend}: HookedChain, family: Family): string {
  const tool = family === 4 ? 'iptables' : 'ip6tables'
  return backend === 'iptables-nft' || backend === 'iptables-legacy'
    ? `${tool}${backend.slice('iptables'.length)}-save`
    : `${tool}-save`
}

function ordered(walk: Walk, chains: readonly HookedChain[]): readonly HookedChain[] {
  const result: HookedChain[] = []
  for (let i = 0; i < chains.length;) {
    const equals = chains.filter(chain => chain.priority === chains[i]?.priority)
    result.push(...(equals.length === 1 ? equals : orderEquals(walk, equals)))
    i += equals.length
  }
  return result
}

/**
 * Base chains of one priority: the one registered later runs first (nf_hook_entries_grow). Between tables and back ends no listing tells which
 * that was, and every order is walked. A table lists its own chains in the order of their creation.
 */
function orderEquals(walk: Walk, equals: readonly HookedChain[]): readonly HookedChain[] {
  const result: HookedChain[] = []
  let left = equals
  while (left.length > 0) {
    const candidates = left.filter((chain, i) => !left.slice(i + 1).some(later => ofOneTable(chain, later)))
    const place = result.length === 0 ? '' : ` ${result.length}`
    const texts = candidates.map(
      chain =>
        `the ${nameOf(chain)} runs ${result.length === 0 ? 'first' : 'next'} (equal priority: the one registered later, which no listing shows)`,
    )
    const {hook, priority} = equals[0] as HookedChain
    const first = candidates[walk.pick(`order ${hook} ${priority}${place}`, texts)] as HookedChain
    result.push(first)
    left = left.filter(chain => chain !== first)
  }
  return result
}

function ofOneTable(a: HookedChain, b: HookedChain): boolean {
  return 'nftTable' in a && 'nftTable' in b && a.nftTable === b.nftTable
}

function nameOf(chain: HookedChain): string {
  if ('nftChain' in chain) return `chain ${chain.nftChain.name} of table ${chain.nftTable.family} ${chain.table}`
  return `${chain.table} ${chain.hook} chain of ${chain.backend}`
}
