import type {Address, Family} from '../net/index.js'

/**
 * A packet to explain. Null members are left open: where a rule asks for them the walk forks.
 */
export interface Flow {
  readonly family: Family
  /** IP protocol number; null: open (the caller usually expands to TCP and UDP). */
  readonly protocol: number
  /** Null: an unbound socket of the node; the kernel picks. */
  readonly source: Address | null
  readonly destination: Address
  readonly sourcePort: number | null
  readonly destinationPort: number | null
  /** Interface it comes in by. Null: derived from the source address; `lo`: made on the node. */
  readonly inInterface: string | null
  /** Own packets: the device the socket is bound to. */
  readonly outInterface: string | null
  /** Mark it already carries, 0 by default. */
  readonly mark: number
  /** 0 … 63. */
  readonly dscp: number
  readonly ttl: number
  /** Bits as in the header; a TCP flow without flags is a SYN. */
  readonly tcpFlags: number
  readonly icmpType: number | null
  readonly icmpCode: number | null
  /**
   * Instead of an answer of the destination, an ICMP error about the packet comes back (fragmentation needed, say). `source`: the router that
   * sends it; null: the destination itself.
   */
  readonly icmpAnswer: {readonly type: number; readonly code: number; readonly source: Address | null} | null
  /** Given on purpose; otherwise it follows from the packet. */
  readonly ctState: 'NEW' | 'ESTABLISHED' | 'RELATED' | 'INVALID' | 'UNTRACKED' | null
}
