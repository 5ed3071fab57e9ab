import {isLoopback, isMulticast} from '../../net/index.js'
import type {Verdict, Walk} from './walk.js'

/** What ip6_rcv_core refuses before any hook. IPv4 refuses bad addresses only when it routes. */
export function refuseArrival(walk: Walk, device: string): Verdict | null {
  const {packet} = walk
  if (packet.family === 4 || device === 'lo') return null
  const {source, destination} = packet
  if (isLoopback(source) || isMulticast(source))
    return refuse(walk, 'MARTIAN_SOURCE', 'no packet on a wire has this source')
  const scope = isMulticast(destination) ? Number(((destination as bigint) >> 112n) & 0xfn) : null
  if (isLoopback(destination) || scope === 0 || scope === 1)
    return refuse(walk, 'MARTIAN_DESTINATION', 'no packet on a wire has this destination')
  return null
}

function refuse(walk: Walk, reason: 'MARTIAN_SOURCE' | 'MARTIAN_DESTINATION', effect: string): Verdict {
  if (walk.tracing) walk.step('forwarding', 'arrival', reason, null, `${effect}: dropped before any rule`)
  return {disposition: 'dropped', reason}
}
