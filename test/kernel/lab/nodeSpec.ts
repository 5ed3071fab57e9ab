/** One interface of the node: a veth whose other end the lab holds. */
export interface LinkSpec {
  readonly name: string
  /** `10.20.0.10/24`, `2001:db8::10/64`; words after the prefix go to `ip addr add` (`scope link`, `peer 10.0.0.2`). */
  readonly addresses?: readonly string[]
  readonly mac?: string
  readonly mtu?: number
  /** False: the other end stays down (NO-CARRIER). */
  readonly carrier?: boolean
  readonly up?: boolean
  readonly group?: string
}

/** Where a pod's packets come in, for flows that name its address only. */
export interface PodSpec {
  readonly address: string
  readonly interface: string
}

/** A node in the words of the commands that build it. Each list is applied in its order. */
export interface NodeSpec {
  readonly links: readonly LinkSpec[]
  readonly pods: readonly PodSpec[]
  readonly sysctl: Readonly<Record<string, string>>
  /** `ip neigh add …`, both families. */
  readonly neighbours: readonly string[]
  /** `ip route append …` and `ip -6 route append …`. */
  readonly routes: readonly string[]
  readonly routes6: readonly string[]
  /** `ip rule add …` on top of the kernel's own three (two in IPv6). */
  readonly rules: readonly string[]
  readonly rules6: readonly string[]
  /** `ip rule del …`, afterwards. */
  readonly deletedRules: readonly string[]
  readonly deletedRules6: readonly string[]
  /** `iptables-restore` and `ip6tables-restore` input for the backend of the run; empty: nothing is loaded. */
  readonly save: string
  readonly save6: string
  /** What the legacy backend holds beside an nft run; empty: nothing. */
  readonly legacySave: string
  /** `nft -f` input, loaded after the saves. Absent: no native tables, and the capture has no listing of nftables. */
  readonly nft?: string
  /** `ipset restore` input. */
  readonly ipset: string
  /** Connections that are there before each packet: words for `conntrack`, `-I …`. Absent: none, and the capture has no listing of them. */
  readonly connections?: readonly string[]
  /** Shell commands in the node's namespace, when all else is done. */
  readonly afterwards?: readonly string[]
}

export type LabBackend = 'nft' | 'legacy'

/**
 * A packet to try: the bulk format of `ekspath explain --flows`, and what only the lab needs.
 * A source that is no pod's and none of the node's needs `iif`.
 */
export interface KernelFlow {
  readonly src: string | null
  readonly dst: string
  readonly proto: string
  readonly sport?: number
  readonly dport?: number
  readonly iif?: string
  readonly oif?: string
  readonly mark?: number
  readonly dscp?: number
  readonly ttl?: number
  readonly tcpFlags?: string
  readonly icmpType?: number
  readonly icmpCode?: number
}
