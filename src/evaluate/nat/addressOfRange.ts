import type {Address, Ipv4, Ipv6} from '../../net/index.js'
import type {Tuple} from '../walk/connection.js'
import {jhash2, networkWord, scale} from './jhash.js'

/**
 * Which address of a NAT range a connection gets: find_best_ips_proto (net/netfilter/nf_nat_core.c). A hash of source and destination without
 * any secret, so the same pair always gets the same address, and it can be computed.
 * @param tuple of the packet as it comes to the rule @param side which of its addresses is replaced
 * @param seed the zone of the connection, whatever its direction; null: neither that nor the destination counts (`--persistent`)
 */
export function addressOfRange(
  tuple: Tuple,
  side: 'source' | 'destination',
  first: Address,
  last: Address,
  seed: number | null,
): Address {
  if (first === last) return first
  const source = words(tuple.source)
  const destination = words(tuple.destination)
  const count = typeof first === 'number' ? 1 : 4
  const memory = (all: readonly number[]): number[] => [0, 1, 2, 3].map(i => networkWord(all[i] ?? 0))
  let hash = jhash2(memory(source), seed === null ? 0 : (networkWord(destination[count - 1] as number) ^ seed) >>> 0)
  const low = words(first)
  const high = words(last)
  const result: number[] = []
  let full = false
  for (let i = 0; i < count; i++) {
    const min = full ? 0 : (low[i] as number)
    // 32 bits in the kernel: 0 where any value is in the range
    const distance = full ? 0xffffffff : ((high[i] as number) - min + 1) >>> 0
    const value = (min + scale(hash, distance)) >>> 0
    result.push(value)
    if (value !== high[i]) full = true
    // the kernel writes the new destination in place, and then mixes in what it has just written
    const mixed = side === 'destination' ? value : (destination[i] as number)
    if (seed !== null) hash = (hash ^ networkWord(mixed)) >>> 0
  }
  return typeof first === 'number' ? (result[0] as Ipv4) : joined(result)
}

/** 32-bit words of an address, most significant first. */
function words(address: Address): number[] {
  if (typeof address === 'number') return [address]
  return [96n, 64n, 32n, 0n].map(shift => Number((address >> shift) & 0xffffffffn))
}

function joined(parts: readonly number[]): Ipv6 {
  return parts.reduce((all, part) => (all << 32n) | BigInt(part), 0n) as Ipv6
}
