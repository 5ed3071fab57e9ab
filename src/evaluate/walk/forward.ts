import type {Verdict, Walk} from './walk.js'

/** What ip_forward and ip6_forward refuse before the FORWARD hook. */
export function refuseForward(walk: Walk): Verdict | null {
  if (walk.packet.ttl > 1) return null
  if (walk.tracing) {
    const answer = walk.packet.family === 4 ? 'ICMP 11/0' : 'ICMPv6 3/0'
    walk.step(
      'forwarding',
      'forwarding',
      'TTL_EXCEEDED',
      null,
      `the TTL is ${walk.packet.ttl}: time exceeded (${answer}), before FORWARD`,
    )
  }
  return {disposition: 'unroutable', reason: 'TTL_EXCEEDED'}
}
