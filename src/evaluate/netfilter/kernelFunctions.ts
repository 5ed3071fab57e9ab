import type {Family} from '../../net/index.js'
import type {NativeHook} from '../nft/nativeChains.js'
import {CONNTRACK} from './hookParts.js'
import type {Netfilter} from './netfilter.js'

/** What the kernel itself does at a hook, or right before or behind it. */
export interface KernelFunction {
  readonly kernel: string
  readonly hook: NativeHook
  readonly type: 'filter'
  /** Null: before or behind the hook, not in it. */
  readonly priority: number | null
  readonly what: string
}

type Tracking = readonly [hook: NativeHook, priority: number, kernel: string, what: string]

/** NF_IP_PRI_LAST, where a connection is confirmed (nf_confirm). */
const LAST = 2_147_483_647

/** ipv4_conntrack_defrag, nf_conntrack_in, nf_confirm (net/netfilter/nf_conntrack_proto.c); IPv6 has the same places. */
const TRACKING: readonly Tracking[] = [
  ['PREROUTING', -400, 'defragmentation', 'puts fragments together'],
  ['PREROUTING', CONNTRACK, 'connection tracking', 'finds the connection or begins one'],
  ['INPUT', LAST, 'connection tracking', 'confirms the connection'],
  ['OUTPUT', -400, 'defragmentation', 'puts fragments together'],
  ['OUTPUT', CONNTRACK, 'connection tracking', 'finds the connection or begins one'],
  ['POSTROUTING', LAST, 'connection tracking', 'confirms the connection'],
]

/** Where packets are routed: those that came in behind PREROUTING, the node's own before OUTPUT. */
const ROUTING: Readonly<Partial<Record<NativeHook, readonly [where: 'before' | 'behind', what: string]>>> = {
  PREROUTING: ['behind', 'policy rules and routes: to this node (INPUT), or onward (FORWARD, POSTROUTING)'],
  OUTPUT: ['before', 'policy rules and routes of what the node sends, and its source address'],
}

/** Those of connection tracking are hooked in only while something of the family asks for it. */
export function trackingFunctions(netfilter: Netfilter, family: Family, at: NativeHook): KernelFunction[] {
  if (!netfilter.isKnown(family) || !netfilter.tracks(family)) return []
  return TRACKING.filter(([hook]) => hook === at).map(([hook, priority, kernel, what]) => ({
    kernel,
    hook,
    type: 'filter',
    priority,
    what,
  }))
}

/** The routing decision before a hook, or behind it; null: none there. */
export function routingDecision(hook: NativeHook, where: 'before' | 'behind'): KernelFunction | null {
  const [place, what] = ROUTING[hook] ?? []
  return place !== where || what === undefined
    ? null
    : {kernel: 'routing decision', hook, type: 'filter', priority: null, what}
}
