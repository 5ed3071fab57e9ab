import type {Hook} from '../../model/index.js'
import type {BaseChain, HookedChain} from '../netfilter/netfilter.js'
import {type ChainVerdict, runChain} from '../netfilter/runChain.js'
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
export function runHook(walk: Walk, hook: Hook, from: number, to: number, each: ChainRunner = runChain): HookVerdict {
  requireRules(walk)
  const chains = walk.netfilter.at(walk.packet.family, hook)
  const mine = chains.filter(chain => chain.type !== 'nat' && chain.priority >= from && chain.priority < to)
  for (const base of ordered(walk, mine)) {
    const verdict = each(walk, known(base))
    if (verdict.kind === 'drop' || verdict.kind === 'reject') return verdict
  }
  return null
}

export type ChainRunner = (walk: Walk, base: BaseChain) => ChainVerdict

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
      const verdict = runChain(walk, known(base))
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

function known(base: HookedChain): BaseChain {
  if ('chain' in base) return base
  if ('nftChain' in base) {
    const {nftTable, nftChain} = base
    throw new Undetermined(
      'UNMODELLED_RULES',
      `the chain ${nftChain.name} of \`table ${nftTable.family} ${nftTable.name}\` is not modelled`,
      nftChain,
    )
  }
  throw new Undetermined(
    'MISSING_INPUT',
    `the ${base.table} table of ${base.backend} is not known (${base.why}): collect it with root rights`,
  )
}

/** Two back ends hook in at one priority: which was registered later, and so runs first, no listing tells. Both orders are walked. */
function ordered(walk: Walk, chains: readonly HookedChain[]): readonly HookedChain[] {
  const tied = chains.findIndex((chain, i) => chain.priority === chains[i + 1]?.priority)
  if (tied < 0) return chains
  const {hook, priority} = chains[tied] as HookedChain
  const equals = chains.filter(chain => chain.priority === priority)
  const texts = equals.map(
    ({table, backend}) =>
      `the ${table} ${hook} chain of ${backend} runs first (equal priority: the one registered later, which no listing shows)`,
  )
  const first = walk.pick(`order ${hook} ${priority}`, texts)
  return [
    ...chains.filter(chain => chain.priority < priority),
    ...equals.slice(first),
    ...equals.slice(0, first),
    ...ordered(
      walk,
      chains.filter(chain => chain.priority > priority),
    ),
  ]
}
