/** IP protocol numbers that this house names; all others print as numbers. Source: IANA protocol-numbers. */
const NAMES = new Map<number, string>([
  [0, 'ip'],
  [1, 'icmp'],
  [2, 'igmp'],
  [4, 'ipencap'],
  [6, 'tcp'],
  [17, 'udp'],
  [33, 'dccp'],
  [41, 'ipv6'],
  [43, 'ipv6-route'],
  [44, 'ipv6-frag'],
  [47, 'gre'],
  [50, 'esp'],
  [51, 'ah'],
  [58, 'ipv6-icmp'],
  [59, 'ipv6-nonxt'],
  [60, 'ipv6-opts'],
  [89, 'ospf'],
  [94, 'ipip'],
  [103, 'pim'],
  [108, 'ipcomp'],
  [112, 'vrrp'],
  [115, 'l2tp'],
  [132, 'sctp'],
  [135, 'mobility-header'],
  [136, 'udplite'],
])
const NUMBERS = new Map([...NAMES].map(([number, name]) => [name, number] as const))
for (const [alias, number] of [
  ['icmpv6', 58],
  ['icmp6', 58],
  ['mh', 135],
  ['ipip', 94],
  ['all', 0],
] as const) {
  NUMBERS.set(alias, number)
}

export const ICMP = 1
export const TCP = 6
export const UDP = 17
export const DCCP = 33
export const ICMPV6 = 58
export const SCTP = 132
export const UDPLITE = 136

/** Name or number, any case. @returns null where unknown or above 255 */
export function parseProtocol(text: string): number | null {
  if (/^\d{1,3}$/.test(text)) return Number(text) <= 255 ? Number(text) : null
  return NUMBERS.get(text.toLowerCase()) ?? null
}

/** `tcp`, `icmp`, … ICMPv6 prints as `icmp`-free `ipv6-icmp`; an unnamed protocol as its number. */
export function protocolName(protocol: number): string {
  return NAMES.get(protocol) ?? String(protocol)
}

/** True for the protocols whose headers start with two ports. */
export function hasPorts(protocol: number): boolean {
  return protocol === TCP || protocol === UDP || protocol === SCTP || protocol === DCCP || protocol === UDPLITE
}
