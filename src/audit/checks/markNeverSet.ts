import {findMarkUses, type MarkUse} from '../../eks/index.js'
import {FULL_MASK, formatMasked} from '../../net/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'
import {readConnmark} from '../connmark.js'
import {knowsChains} from '../known.js'

export const markNeverSet: Check = {
  code: 'EKS505',
  severity: 'info',
  title: 'A policy rule asks for a mark that nobody sets',
  meaning:
    'A policy rule routes packets with a mark, and no rule of iptables or nftables sets a bit of it. Either the rules that did are gone, or a program marks its own sockets (tailscale, WireGuard), which no capture shows.',
  signature:
    'A rule with `fwmark` whose bits no rule sets, turns over or restores. Needs `ip rule`, `iptables-save` and `nft list ruleset` where tables of it are in use.',
  remedy: 'Find out whose rule it is; `ekspath show marks` lists who deals with which mark.',
  reference: null,
  find: findUnset,
}

function* findUnset({eks}: AuditedNode): Generator<Fault> {
  const {state} = eks
  if (
    !knowsChains(state, 'mangle') ||
    !knowsChains(state, 'nat') ||
    state.iptables.some(({unlisted}) => unlisted.length > 0)
  )
    return
  // what the CNI itself restores is found without reading every chain
  const {mark, restores} = readConnmark(state)
  const ours = restores.length > 0 ? mark : 0
  const asked = (state.routing[4].rules ?? []).filter(({fwmark}) => fwmark !== null && (fwmark.value & ~ours) !== 0)
  if (asked.length === 0) return
  const writes = findMarkUses(state).filter(({verb, of}) => of === 'packet' && verb !== 'tests' && verb !== 'clears')
  for (const rule of asked) {
    if (rule.fwmark === null || writes.some(use => (bitsOf(use) & (rule.fwmark?.value ?? 0)) !== 0)) continue
    yield {
      text: `The rule of priority ${rule.priority} asks for the mark ${formatMasked(rule.fwmark)}, which no rule of the node sets.`,
      evidence: [rule],
      repair: [],
    }
  }
}

function bitsOf({verb, bits}: MarkUse): number {
  return bits.mask === FULL_MASK && verb === 'sets' && bits.value !== 0 ? bits.value : bits.mask
}
