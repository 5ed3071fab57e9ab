import {Flags} from '@oclif/core'

const HELP_GROUP = 'FLOW'

/** The packet to explain. All values are read by `buildFlows`, which knows how they fit together. */
export const flowFlags = {
  src: Flags.string({
    summary: 'source: address, address:port, [v6]:port, pod (namespace/name), or `node` for a process of the node',
    helpGroup: HELP_GROUP,
    helpValue: 'WHO',
  }),
  dst: Flags.string({
    summary: 'destination: address, address:port, [v6]:port, pod, service (namespace/name[:port]), or `node`',
    helpGroup: HELP_GROUP,
    helpValue: 'WHO',
  }),
  proto: Flags.string({
    summary: 'protocol by name or number, or several with commas; without it TCP and UDP are explained',
    helpGroup: HELP_GROUP,
    helpValue: 'NAME',
  }),
  sport: Flags.string({summary: 'source port; left open without it', helpGroup: HELP_GROUP, helpValue: 'PORT'}),
  dport: Flags.string({summary: 'destination port, where --dst has none', helpGroup: HELP_GROUP, helpValue: 'PORT'}),
  iif: Flags.string({
    summary: 'interface it comes in by; follows from the source without it',
    helpGroup: HELP_GROUP,
    helpValue: 'NAME',
  }),
  oif: Flags.string({
    summary: 'own packets: interface the socket is bound to',
    helpGroup: HELP_GROUP,
    helpValue: 'NAME',
  }),
  mark: Flags.string({summary: 'mark it already carries, such as 0x80', helpGroup: HELP_GROUP, helpValue: 'MARK'}),
  dscp: Flags.string({summary: 'DSCP, 0 to 63', helpGroup: HELP_GROUP, helpValue: 'N'}),
  ttl: Flags.string({
    summary: 'TTL or hop limit it arrives with; 64 without it',
    helpGroup: HELP_GROUP,
    helpValue: 'N',
  }),
  'tcp-flags': Flags.string({
    summary: 'TCP flags, such as SYN,ACK or NONE; SYN without it',
    helpGroup: HELP_GROUP,
    helpValue: 'LIST',
  }),
  'icmp-type': Flags.string({
    summary: 'ICMP type, type/code or name; makes the flow ICMP',
    helpGroup: HELP_GROUP,
    helpValue: 'TYPE',
  }),
  'ct-state': Flags.string({
    summary: 'conntrack state (NEW, ESTABLISHED, RELATED, INVALID, UNTRACKED); follows from the packet without it',
    helpGroup: HELP_GROUP,
    helpValue: 'STATE',
  }),
}

/** What oclif makes of `flowFlags`. */
export type FlowFlagValues = Readonly<{[K in keyof typeof flowFlags]?: string | undefined}>
