import type {Address} from '../../net/index.js'

/** CONFIG_IP_VS_SH_TAB_BITS and CONFIG_IP_VS_DH_TAB_BITS, as distributions leave them. */
const BITS = 8
const BUCKETS = 1 << BITS
/** GOLDEN_RATIO_32, and the multiplier of kernels before 4.18, which took the wrong end of the product. */
const GOLDEN_RATIO = 0x61c88647
const OLD_MULTIPLIER = 2654435761

/** The bucket of an address (ip_vs_sh_hashkey, ip_vs_dh_hashkey). @param port 0 where the hash leaves it out */
export function bucketOf(address: Address, port: number, {offset = 0, old = false} = {}): number {
  const sum = (port + fold(address)) >>> 0
  const hash = old ? Math.imul(sum, OLD_MULTIPLIER) : Math.imul(sum, GOLDEN_RATIO) >>> (32 - BITS)
  return (offset + hash) & (BUCKETS - 1)
}

/** IPv6: its four words, xored. */
function fold(address: Address): number {
  if (typeof address === 'number') return address
  let word = 0
  for (let shift = 96n; shift >= 0n; shift -= 32n) word ^= Number((address >> shift) & 0xffffffffn)
  return word >>> 0
}

/**
 * Which of the servers each bucket belongs to: in the order of their list, as many buckets in a row as they weigh (ip_vs_sh_reassign; a server of
 * weight 0 gets one all the same).
 */
export function fillBuckets(weights: readonly number[]): number[] {
  const owners: number[] = []
  while (owners.length < BUCKETS && weights.length > 0) {
    for (const [i, weight] of weights.entries()) {
      for (let n = 0; n < Math.max(1, weight) && owners.length < BUCKETS; n++) owners.push(i)
    }
  }
  return owners
}
