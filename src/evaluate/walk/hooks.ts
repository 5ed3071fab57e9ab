import type {Hook} from '../../model/index.js'
import {hasPorts} from '../../net/index.js'
import type {Equals, HookParts} from '../netfilter/hookParts.js'
import type {HookedChain} from '../netfilter/netfilter.js'
import {besideNat, besideTracking} from './besideKernel.js'
import {endpoint} from './describe.js'
import {type BaseVerdict, type ChainRunner, runBase} from './runBase.js'
import {runEquals} from './runEquals.js'
import {Undetermined, type Walk} from './walk.js'

/** Null: the packet goes on. */
export type HookVerdict = Extract<BaseVerdict, {kind: 'drop' | 'reject' | 'handed' | 'sent' | 'ended'}> | null

export type HookPart = Exclude<keyof HookParts, 'nat' | 'withTracking' | 'withNat'>

/** Runs the chains of one part of a hook, all back ends together. @param each what the kernel does around each chain */
export function runHook(walk: Walk, hook: Hook, part: HookPart, each: ChainRunner = runBase): HookVerdict {
  requireRules(walk)
  const parts = walk.netfilter.at(walk.packet.family, hook)
  const {withTracking, withNat} = parts
  if (withTracking.length === 0 && withNat.length === 0) return runGroups(walk, parts[part], each)
  const tracking = besideTracking(walk, hook, withTracking)
  const begin = part === 'beforeNat' ? tracking.behind : part === 'afterNat' ? besideNat(walk, hook, parts).behind : []
  const end = (): readonly HookedChain[] =>
    part === 'beforeTracking' ? tracking.ahead : part === 'beforeNat' ? besideNat(walk, hook, parts).ahead : []
  return runChains(walk, begin, each) ?? runGroups(walk, parts[part], each) ?? runChains(walk, end(), each)
}

/** Runs the chains of a device: `ingress` before all others, `egress` behind them. */
export function runDeviceHook(walk: Walk, hook: 'INGRESS' | 'EGRESS', device: string): HookVerdict {
  return runGroups(walk, walk.netfilter.atDevice(walk.packet.family, hook, device), (_, base) =>
    isOfDevice(walk, base, device) ? runBase(walk, base) : {kind: 'accept'},
  )
}

function isOfDevice(walk: Walk, base: HookedChain, device: string): boolean {
  if (!('nftChain' in base) || base.nftChain.base?.devices !== null) return true
  const {table, nftChain, hook} = base
  return walk.decide(
    `rules device ${table} ${nftChain.name} ${device}`,
    `the ${hook.toLowerCase()} chain ${nftChain.name} of table ${table} is of the device ${device} (the listing, JSON of an older nft, shows no devices)`,
  )
}

function runGroups(walk: Walk, groups: readonly Equals[], each: ChainRunner): HookVerdict {
  for (const group of groups) {
    const verdict = runEquals(walk, group, each, ends)
    if (verdict !== null && ends(verdict)) return verdict
  }
  return null
}

function runChains(walk: Walk, chains: readonly HookedChain[], each: ChainRunner): HookVerdict {
  for (const base of chains) {
    const verdict = each(walk, base)
    if (ends(verdict)) return verdict
  }
  return null
}

/** Does the packet leave the hook? */
export function ends(verdict: BaseVerdict): verdict is NonNullable<HookVerdict> {
  return verdict.kind !== 'accept' && verdict.kind !== 'bound'
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
    const lost = bindFirst(walk, walk.netfilter.at(packet.family, hook).nat)
    if (lost !== null) return lost
    if (side === 'source') connection.sourceDone = true
    else connection.destinationDone = true
  }
  rewrite(walk, side)
  return null
}

/** Runs nat chains until one of them sets up a binding. */
function bindFirst(walk: Walk, groups: readonly Equals[]): HookVerdict {
  for (const [i, group] of groups.entries()) {
    const verdict = runEquals(walk, group, runBase, ({kind}) => kind !== 'accept')
    if (verdict === null) continue
    if (ends(verdict)) return verdict
    if (walk.tracing) for (const chain of groups.slice(i + 1).flat()) noteUnasked(walk, chain)
    return null
  }
  return null
}

/** What the CNI's own nat chain would have done to the marks of a connection to a service, it does not do. */
function noteUnasked(walk: Walk, base: HookedChain): void {
  if (!('chain' in base) && !('nftChain' in base)) return
  const {text, source} = 'chain' in base ? base.chain.chain : base.nftChain
  walk.trail.steps.push({
    stage: `${base.table}/${base.hook}`,
    kind: 'nat',
    backend: base.backend,
    family: null,
    table: base.table,
    chain: 'chain' in base ? base.chain.chain.name : base.nftChain.name,
    rule: null,
    target: 'not asked',
    text,
    effect: 'the connection has its translation already, and the chain does nothing',
    source,
  })
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
  // an ICMP error is of the connection, and has no ports
  const ported = hasPorts(packet.protocol)
  if (side === 'source') {
    packet.source = target.destination
    if (ported) packet.sourcePort = target.destinationPort
  } else {
    packet.destination = target.source
    if (ported) packet.destinationPort = target.sourcePort
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
