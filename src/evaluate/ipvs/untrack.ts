import type {Packet} from '../walk/packet.js'

/** ip_vs_notrack: without net.ipv4.vs.conntrack, conntrack forgets what IPVS has had in hand; no NAT, no state but UNTRACKED. */
export function untrack(packet: Packet): void {
  if (packet.connection === null) return
  packet.connection = null
  packet.ctInfo = 'untracked'
}
