import type {Hook, TableName} from '../../model/index.js'
import type {BaseChain, UnknownChain} from '../netfilter/netfilter.js'
import {type ChainVerdict, runChain} from '../netfilter/runChain.js'
import {endpoint} from './describe.js'
import {Undetermined, type Walk} from './walk.js'

/** Null: the packet goes on. */
export type HookVerdict = Extract<ChainVerdict, {kind: 'drop' | 'reject'}> | null

/** Runs a table's chains at a hook, of all back ends. */
export function runTable(walk: Walk, table: TableName, hook: Hook): HookVerdict {
  requireRules(walk)
  for (const base of ordered(walk, walk.netfilter.at(walk.packet.family, table, hook))) {
    const verdict = runChain(walk, known(base))
    if (verdict.kind === 'drop' || verdict.kind === 'reject') return verdict
  }
  return null
}

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
    for (const base of ordered(walk, walk.netfilter.at(packet.family, 'nat', hook))) {
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
  if (before !== after)
    walk.step(
      'nat',
      'nat',
      'connection',
      connection.entry,
      `${side} ${before} → ${after}, as the connection says; no rule is asked`,
    )
}

function requireRules(walk: Walk): void {
  const {family} = walk.packet
  if (walk.netfilter.isKnown(family)) return
  const command = family === 4 ? 'iptables-save' : 'ip6tables-save'
  throw new Undetermined('MISSING_INPUT', `the capture has no netfilter rules of IPv${family}: collect \`${command}\``)
}

function known(base: BaseChain | UnknownChain): BaseChain {
  if ('chain' in base) return base
  throw new Undetermined(
    'MISSING_INPUT',
    `the ${base.table} table of ${base.backend} is not known (${base.why}): collect it with root rights`,
  )
}

/** Two back ends hook in at the same priority: which was registered later, and so runs first, no listing tells. */
function ordered(walk: Walk, chains: readonly (BaseChain | UnknownChain)[]): readonly (BaseChain | UnknownChain)[] {
  if (chains.length < 2) return chains
  const {hook, table} = chains[0] as BaseChain
  const first = walk.pick(
    `order ${hook} ${table}`,
    chains.map(
      chain =>
        `the ${table} ${hook} chain of ${chain.backend} runs first (equal priority: the one registered later; no listing shows it)`,
    ),
  )
  return [...chains.slice(first), ...chains.slice(0, first)]
}
