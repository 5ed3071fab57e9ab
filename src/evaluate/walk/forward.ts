import {sameTuple} from './conntrack.js'
import type {Verdict, Walk} from './walk.js'

/**
 * A packet that early demultiplexing, or TPROXY, gave to a socket of the node is dropped when routing then says "forward" (ip_forward: `if (skb->sk) goto
 * drop`). This is what kills kubelet's probes of pods with security groups in strict mode while tcp_early_demux is 1.
 */
export function refuseSocketOwner(walk: Walk): Verdict | null {
  const {packet, network, socket} = walk
  if (packet.transparent && packet.inInterface !== null) return refuse(walk, 'TPROXY')
  if (socket === null || packet.inInterface === null || !sameTuple(packet, socket)) return null
  const on =
    network.sysctls.get('net.ipv4.ip_early_demux', 1) !== 0 && network.sysctls.get('net.ipv4.tcp_early_demux', 1) !== 0
  return on ? refuse(walk, 'tcp_early_demux') : null
}

function refuse(walk: Walk, by: string): Verdict {
  if (walk.tracing) {
    const effect = `the packet belongs to a socket of the node (${by}) but is routed onward: dropped`
    walk.step('forwarding', 'forwarding', 'EARLY_DEMUX', walk.packet.route?.route ?? null, effect)
  }
  return {disposition: 'unroutable', reason: 'EARLY_DEMUX'}
}

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
