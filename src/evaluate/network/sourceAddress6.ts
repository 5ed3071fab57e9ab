import {
  type Address,
  type Ipv6,
  IPV6_LOOPBACK,
  isLinkLocal,
  isMulticast,
  parsePrefix,
  type Prefix,
  contains,
} from '../../net/index.js'
import type {InterfaceAddress} from '../../model/index.js'
import type {Network} from './network.js'

/** Precedence labels of RFC 6724 as the kernel ships them (net/ipv6/addrlabel.c). */
const LABELS: readonly (readonly [Prefix, number])[] = (
  [
    ['::1/128', 0],
    ['::ffff:0:0/96', 4],
    ['2001::/32', 6],
    ['2001:10::/28', 7],
    ['3ffe::/16', 12],
    ['2002::/16', 2],
    ['fec0::/10', 11],
    ['fc00::/7', 5],
    ['::/96', 3],
    ['::/0', 1],
  ] as const
).map(([text, label]) => [parsePrefix(text) as Prefix, label] as const)

/**
 * ipv6_dev_get_saddr (net/ipv6/addrconf.c), the rules of RFC 6724 that a capture can decide: own address, scope, deprecated, outgoing device,
 * label, longest common prefix.
 * @returns null where no interface has a usable address
 */
export function selectSource6(network: Network, device: string | null, destination: Address): Address | null {
  if (typeof destination === 'number') return null
  // a multicast or link-local destination, which ::1 is too, takes an address of the outgoing device only
  const linkLocal = isLinkLocal(destination) || isMulticast(destination) || destination === IPV6_LOOPBACK
  let best: InterfaceAddress | null = null
  for (const candidate of network.interfaces.allAddresses(6)) {
    if (candidate.tentative || (linkLocal && device !== null && candidate.interface !== device)) continue
    if (best === null || isBetter(candidate, best, destination, device)) best = candidate
  }
  return best?.address ?? null
}

function isBetter(a: InterfaceAddress, b: InterfaceAddress, destination: Ipv6, device: string | null): boolean {
  const rules: readonly ((candidate: InterfaceAddress) => number)[] = [
    ({address}) => (address === destination ? 1 : 0),
    ({address}) => scopeScore(scopeOf(address as Ipv6), scopeOf(destination)),
    ({deprecated}) => (deprecated ? 0 : 1),
    candidate => (candidate.interface === device ? 1 : 0),
    ({address}) => (labelOf(address) === labelOf(destination) ? 1 : 0),
    candidate => Math.min(commonBits(candidate.address as Ipv6, destination), candidate.prefixLength),
  ]
  for (const rule of rules) {
    const difference = rule(a) - rule(b)
    if (difference !== 0) return difference > 0
  }
  return false
}

/** RFC 4007 scope: 1 interface, 2 link, 14 global. */
function scopeOf(address: Ipv6): number {
  if (isMulticast(address)) return Number((address >> 112n) & 0xfn)
  return address === 1n || isLinkLocal(address) ? 2 : 14
}

/** Higher is better: a scope just wide enough, else the widest below it. */
function scopeScore(scope: number, wanted: number): number {
  return scope >= wanted ? 100 - scope : scope
}

function labelOf(address: Address): number {
  return LABELS.find(([prefix]) => contains(prefix, address))?.[1] ?? 1
}

function commonBits(a: Ipv6, b: Ipv6): number {
  const difference = a ^ b
  return difference === 0n ? 128 : 128 - difference.toString(2).length
}
