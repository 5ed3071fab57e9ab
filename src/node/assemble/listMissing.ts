import {type MissingCode, type MissingInput, type NodeState, signOfIpvs, usesOtherMode} from '../../model/index.js'
import type {LegacyTables} from './readLegacyTables.js'

type Evidence = Pick<
  NodeState,
  | 'routing'
  | 'addresses'
  | 'links'
  | 'neighbours'
  | 'iptables'
  | 'ipsets'
  | 'sysctl'
  | 'conntrack'
  | 'ipamd'
  | 'nft'
  | 'ipvs'
> & {readonly legacy: LegacyTables}

interface Input {
  readonly code: MissingCode
  readonly command: string
  readonly cost: string
  present(node: Evidence): boolean
}

/** Everything an answer may need, in the order of its weight. */
const INPUTS: readonly Input[] = [
  {
    code: 'RULES',
    command: 'ip rule show',
    cost: 'Without the policy rules only the kernel’s three default rules can be assumed: pods on secondary ENIs are misjudged.',
    present: ({routing}) => routing[4].rules !== null,
  },
  {
    code: 'ROUTES',
    command: 'ip route show table all',
    cost: 'Without routes no IPv4 packet can be followed beyond its route lookup.',
    present: ({routing}) => routing[4].routes !== null,
  },
  {
    code: 'IPTABLES',
    command: 'iptables-save',
    cost: 'Service addresses, source NAT and filter verdicts of IPv4 are undetermined.',
    present: ({iptables}) => iptables.some(({family}) => family === 4),
  },
  {
    code: 'TABLES',
    command: 'iptables-save',
    cost: 'Tables of iptables that no listing shows: what is in them decides or changes packets, so answers hold under a condition, or are undetermined.',
    present: ({iptables}) => iptables.every(({family, complete}) => family !== 4 || complete),
  },
  {
    code: 'OTHER_BACKEND',
    command: 'iptables-legacy-save; iptables-nft-save',
    cost: 'Rules of the other iptables backend would be invisible; they are taken as absent.',
    present: ({iptables, nft, legacy}) => {
      const backends = iptables.filter(({family}) => family === 4).map(({backend}) => backend)
      const knowsLegacy = backends.includes('iptables-legacy') || legacy[4] !== null
      const knowsNft = backends.includes('iptables-nft') || nft?.complete === true
      return backends.length === 0 || (knowsLegacy && knowsNft)
    },
  },
  {
    code: 'NFT',
    command: 'nft list ruleset',
    cost: 'Native nftables tables (kube-proxy in nftables mode, VPC CNI 1.23 and later, firewalld) would be invisible; they are taken as absent.',
    present: ({nft}) => nft?.complete === true,
  },
  {
    code: 'ADDRESSES',
    command: 'ip addr show',
    cost: 'Local addresses are derived from local routes, source hints and SNAT rules.',
    present: ({addresses}) => addresses !== null,
  },
  {
    code: 'LINKS',
    command: 'ip -d link show',
    cost: 'Which interfaces exist and are up is taken from the routes.',
    present: ({links}) => links !== null,
  },
  {
    code: 'NEIGHBOURS',
    command: 'ip neigh show',
    cost: 'MAC addresses of next hops are unknown, and so is whether they answer.',
    present: ({neighbours}) => neighbours !== null,
  },
  {
    code: 'SYSCTL',
    command: 'sysctl -a',
    cost: 'Forwarding and source validation are assumed to be as the VPC CNI sets them.',
    present: ({sysctl}) => sysctl !== null,
  },
  {
    code: 'IPSET',
    command: 'ipset save',
    cost: 'Rules that match against an IP set cannot be decided.',
    present: ({ipsets}) => ipsets !== null,
  },
  {
    code: 'IPVS',
    command: 'ipvsadm --save --numeric',
    cost: 'kube-proxy is in IPVS mode: where packets to its services go is undetermined.',
    present: node => node.ipvs.services !== null || signOfIpvs(node) === null || usesOtherMode(node),
  },
  {
    code: 'CONNTRACK',
    command: 'conntrack -L',
    cost: 'Flows are taken as new: connections that existed when the rules changed keep their old translation.',
    present: ({conntrack}) => conntrack !== null,
  },
  {
    code: 'IPAMD',
    command: 'curl http://localhost:61679/v1/enis',
    cost: 'Which pod and which ENI an address belongs to is taken from routes alone.',
    present: ({ipamd}) => ipamd !== null,
  },
  {
    code: 'RULES6',
    command: 'ip -6 rule show',
    cost: 'Policy rules of IPv6 are unknown: the kernel’s two default rules are assumed.',
    present: ({routing}) => routing[6].rules !== null,
  },
  {
    code: 'ROUTES6',
    command: 'ip -6 route show table all',
    cost: 'No IPv6 packet can be followed.',
    present: ({routing}) => routing[6].routes !== null,
  },
  {
    code: 'IP6TABLES',
    command: 'ip6tables-save',
    cost: 'Service addresses, NAT and filter verdicts of IPv6 are undetermined.',
    present: ({iptables}) => iptables.some(({family}) => family === 6),
  },
  {
    code: 'TABLES6',
    command: 'ip6tables-save',
    cost: 'Tables of ip6tables that no listing shows: answers for IPv6 hold under a condition, or are undetermined.',
    present: ({iptables}) => iptables.every(({family, complete}) => family !== 6 || complete),
  },
]

export function listMissing(node: Evidence): MissingInput[] {
  return INPUTS.filter(input => !input.present(node)).map(({code, command, cost}) => ({code, command, cost}))
}
