import type {HookedChain} from '../netfilter/netfilter.js'
import type {Connection} from './connection.js'
import type {Packet} from './packet.js'
import {runBase} from './runBase.js'
import {Undecided, Undetermined, type Walk} from './walk.js'

/**
 * Does a base chain do nothing to the packet as it is now, and decide nothing either? It is run on a copy. What would have to branch, to remember
 * something for later packets or to end undetermined does something; so does a rule that matches, where steps are written: whether it is met at all
 * depends on the order.
 */
export function leavesAlone(walk: Walk, base: HookedChain): boolean {
  if (!('chain' in base) && !('nftChain' in base)) return false
  const probe = walk.probe()
  try {
    return (
      runBase(probe, base).kind === 'accept' && probe.trail.steps.length === 0 && isUntouched(walk.packet, probe.packet)
    )
  } catch (reason) {
    if (reason instanceof Undecided || reason instanceof Undetermined) return false
    throw reason
  }
}

function isUntouched(before: Packet, after: Packet): boolean {
  return isSameBut(before, after, 'connection') && isSameConnection(before.connection, after.connection)
}

function isSameConnection(before: Connection | null, after: Connection | null): boolean {
  if (before === null || after === null) return before === after
  return isSameBut(before, after, 'reply') && isSameBut(before.reply, after.reply, null)
}

/** Are all members the same, but for one that is looked at closer? */
function isSameBut<T extends object>(before: T, after: T, except: keyof T | null): boolean {
  for (const key in before) if (key !== except && before[key] !== after[key]) return false
  return true
}
