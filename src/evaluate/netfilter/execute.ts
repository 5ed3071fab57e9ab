import {formatMark} from '../../net/index.js'
import type {JsonStep, Target} from '../../model/index.js'
import type {Wanted} from '../nat/bind.js'
import {bindTo, masquerade, netmap, redirect} from '../nat/targets.js'
import {Undetermined, type Walk} from '../walk/walk.js'
import {putInZone, zoneText} from '../walk/zone.js'
import type {CompiledRule} from './compiledRule.js'
import type {BaseChain} from './netfilter.js'
import type {ChainVerdict} from './runChain.js'

/** Null: the packet goes on to the next rule. */
export type RuleVerdict = ChainVerdict | null

type Action = Exclude<Target, {kind: 'accept' | 'drop' | 'reject' | 'return' | 'jump' | 'goto'}>

/** Does what a target does to the packet or its connection. `step` gets the effect in words; null while not tracing. */
export function execute(walk: Walk, base: BaseChain, compiled: CompiledRule, step: JsonStep | null): RuleVerdict {
  const target = compiled.target as Action
  const {packet} = walk
  const {connection} = packet
  switch (target.kind) {
    case 'none':
      tell(step, () => 'only counts')
      return null
    case 'continue':
      return null
    case 'mark': {
      const before = packet.mark
      packet.mark = xor(before, target.set.mask, target.set.value)
      tell(step, () =>
        packet.mark === before
          ? `mark stays ${formatMark(before)}`
          : `mark ${formatMark(before)} → ${formatMark(packet.mark)}`,
      )
      return null
    }
    case 'connmark-set':
      if (connection === null) return untracked(step)
      connection.mark = xor(connection.mark, target.set.mask, target.set.value)
      tell(step, () => `connection mark is now ${formatMark(connection.mark)}`)
      return null
    case 'connmark-save':
      if (connection === null) return untracked(step)
      connection.mark = xor(connection.mark, target.ctMask, packet.mark & target.nfMask)
      tell(step, () => `connection mark is now ${formatMark(connection.mark)}, saved from the packet`)
      return null
    case 'connmark-restore': {
      if (connection === null) return untracked(step)
      const before = packet.mark
      packet.mark = xor(before, target.nfMask, connection.mark & target.ctMask)
      tell(step, () =>
        packet.mark === before
          ? `mark stays ${formatMark(before)}: the connection mark is ${formatMark(connection.mark)}`
          : `mark ${formatMark(before)} → ${formatMark(packet.mark)}, from the connection mark`,
      )
      return null
    }
    case 'notrack':
      if (packet.ctInfo === 'none') {
        packet.ctInfo = 'untracked'
        tell(step, () => 'the packet is not tracked: no connection state, no NAT')
      }
      return null
    case 'ct':
      if (packet.ctInfo !== 'none') return null
      putInZone(packet, target.zone)
      tell(step, () => `connection tracking looks it up in ${zoneText(target.zone)}`)
      return null
    case 'tproxy': {
      if (!walk.decide(`tproxy ${target.text}`, `a transparent socket of the node listens for \`${target.text}\``)) {
        tell(step, () => 'no socket takes it: dropped')
        return {kind: 'drop', by: 'rule', evidence: compiled.rule}
      }
      const before = packet.mark
      packet.mark = xor(before, target.set.mask, target.set.value)
      packet.transparent = true
      tell(step, () => `a socket of the node takes it, mark ${formatMark(before)} → ${formatMark(packet.mark)}`)
      return {kind: 'accept'}
    }
    case 'dscp-set':
      packet.tos = (target.value << 2) | (packet.tos & 3)
      tell(step, () => `DSCP is now ${target.value}`)
      return null
    case 'tos-set':
      packet.tos = ((packet.tos & ~target.set.mask) ^ target.set.value) & 0xff
      tell(step, () => `TOS is now ${formatMark(packet.tos)}`)
      return null
    case 'ttl-set': {
      const {operation, value} = target
      packet.ttl = Math.min(
        255,
        Math.max(0, operation === 'set' ? value : operation === 'inc' ? packet.ttl + value : packet.ttl - value),
      )
      tell(step, () => `TTL is now ${packet.ttl}`)
      return null
    }
    case 'set-add':
    case 'set-del':
      walk.learn(`changed ${target.set}`, true)
      tell(step, () => `changes the ipset ${target.set}`)
      return null
    case 'dnat':
    case 'snat':
      return bindTo(
        walk,
        base,
        compiled,
        step,
        target.kind === 'snat' ? 'source' : 'destination',
        compiled.wanted as Wanted,
      )
    case 'redirect':
      return redirect(walk, base, target, compiled, step)
    case 'masquerade':
      return masquerade(walk, base, target, compiled, step)
    case 'netmap':
      return netmap(walk, base, target, compiled, step)
    case 'opaque':
      throw new Undetermined('UNMODELLED_TARGET', `what \`-j ${target.name}\` does is not modelled`, compiled.rule)
  }
}

/** (value & ~mask) ^ bits, as unsigned 32 bits: the one formula of MARK and CONNMARK. */
function xor(value: number, mask: number, bits: number): number {
  return ((value & ~mask) ^ bits) >>> 0
}

function untracked(step: JsonStep | null): null {
  tell(step, () => 'does nothing: the packet belongs to no tracked connection')
  return null
}

function tell(step: JsonStep | null, effect: () => string): void {
  if (step !== null) step.effect = effect()
}
