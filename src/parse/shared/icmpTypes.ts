/** Names that `iptables -m icmp -h` and `ip6tables -m icmp6 -h` list: type, and code where the name fixes one. */
const NAMES4: Readonly<Record<string, readonly [type: number, code?: number]>> = {
  'echo-reply': [0],
  pong: [0],
  'destination-unreachable': [3],
  'network-unreachable': [3, 0],
  'host-unreachable': [3, 1],
  'protocol-unreachable': [3, 2],
  'port-unreachable': [3, 3],
  'fragmentation-needed': [3, 4],
  'source-route-failed': [3, 5],
  'network-unknown': [3, 6],
  'host-unknown': [3, 7],
  'network-prohibited': [3, 9],
  'host-prohibited': [3, 10],
  'TOS-network-unreachable': [3, 11],
  'TOS-host-unreachable': [3, 12],
  'communication-prohibited': [3, 13],
  'host-precedence-violation': [3, 14],
  'precedence-cutoff': [3, 15],
  'source-quench': [4],
  redirect: [5],
  'network-redirect': [5, 0],
  'host-redirect': [5, 1],
  'TOS-network-redirect': [5, 2],
  'TOS-host-redirect': [5, 3],
  'echo-request': [8],
  ping: [8],
  'router-advertisement': [9],
  'router-solicitation': [10],
  'time-exceeded': [11],
  'ttl-exceeded': [11],
  'ttl-zero-during-transit': [11, 0],
  'ttl-zero-during-reassembly': [11, 1],
  'parameter-problem': [12],
  'ip-header-bad': [12, 0],
  'required-option-missing': [12, 1],
  'timestamp-request': [13],
  'timestamp-reply': [14],
  'address-mask-request': [17],
  'address-mask-reply': [18],
}

const NAMES6: Readonly<Record<string, readonly [type: number, code?: number]>> = {
  'destination-unreachable': [1],
  'no-route': [1, 0],
  'communication-prohibited': [1, 1],
  'beyond-scope': [1, 2],
  'address-unreachable': [1, 3],
  'port-unreachable': [1, 4],
  'failed-policy': [1, 5],
  'reject-route': [1, 6],
  'packet-too-big': [2],
  'time-exceeded': [3],
  'ttl-exceeded': [3],
  'ttl-zero-during-transit': [3, 0],
  'ttl-zero-during-reassembly': [3, 1],
  'parameter-problem': [4],
  'bad-header': [4, 0],
  'unknown-header-type': [4, 1],
  'unknown-option': [4, 2],
  'echo-request': [128],
  ping: [128],
  'echo-reply': [129],
  pong: [129],
  'mld-listener-query': [130],
  'mld-listener-report': [131],
  'mld-listener-done': [132],
  'mld-listener-reduction': [132],
  'router-solicitation': [133],
  'router-advertisement': [134],
  'neighbour-solicitation': [135],
  'neighbor-solicitation': [135],
  'neighbour-advertisement': [136],
  'neighbor-advertisement': [136],
  redirect: [137],
}

export interface IcmpType {
  /** Null: any. */
  readonly type: number | null
  readonly code: {readonly min: number; readonly max: number}
}

const ALL_CODES = {min: 0, max: 255}

/**
 * A name, `8` or `3/4`. Type 255 is "any" to the IPv4 match, and an ordinary type to the IPv6 one (icmp_match, icmp6_match).
 * @returns null on anything else
 */
export function parseIcmpType(text: string, family: 4 | 6): IcmpType | null {
  if (text === 'any' && family === 4) return {type: null, code: ALL_CODES}
  const name = (family === 4 ? NAMES4 : NAMES6)[text]
  if (name !== undefined) return make(name[0], name[1], family)
  const words = /^(\d{1,3})(?:\/(\d{1,3}))?$/.exec(text)
  if (words === null) return null
  const type = Number(words[1])
  const code = words[2] === undefined ? undefined : Number(words[2])
  return type > 255 || (code !== undefined && code > 255) ? null : make(type, code, family)
}

function make(type: number, code: number | undefined, family: 4 | 6): IcmpType {
  if (family === 4 && type === 255) return {type: null, code: ALL_CODES}
  return {type, code: code === undefined ? ALL_CODES : {min: code, max: code}}
}
