import type {Address, Ipv4, Ipv6, PortRange} from '../../net/index.js'
import type {JsonStep, NftNat, NftPattern} from '../../model/index.js'
import {bindTo, masquerade, redirect} from '../nat/targets.js'
import type {ChainVerdict} from '../netfilter/runChain.js'
import {Undetermined, type Walk} from '../walk/walk.js'
import type {RulePlace} from './place.js'
import {readData} from './read.js'
import {rangeOf} from './reading.js'

/** nft_nat_eval, nft_masq_eval, nft_redir_eval. @returns null where the rule ends: another family, or a map without the key */
export function runNat(walk: Walk, place: RulePlace, nat: NftNat, step: JsonStep | null): ChainVerdict | null {
  const {packet} = walk
  const {base, rule} = place
  if (nat.family !== null && nat.family !== (packet.family === 4 ? 'ip' : 'ip6')) return null
  const data = nat.address === null ? [] : readData(walk, place, nat.address)
  const portData = nat.ports === null ? [] : readData(walk, place, nat.ports)
  if (data === null || portData === null) return null
  const ports = portsOf(place, nat, data[1] ?? portData[0])
  const {operation, flags} = nat
  const evidence = {rule}
  if (operation === 'masquerade' || operation === 'redirect') {
    const target = {kind: operation, ports, flags} as const
    return operation === 'masquerade'
      ? masquerade(walk, base, target, evidence, step)
      : redirect(walk, base, target, evidence, step)
  }
  const side = operation === 'snat' ? 'source' : 'destination'
  const range = data[0] === undefined ? null : addressesOf(place, nat, data[0])
  if (range !== null && typeof range.first !== typeof packet[side]) return null
  const [first, last] =
    range === null
      ? [null, null]
      : nat.prefix
        ? [mapped(range, packet[side]), mapped(range, packet[side])]
        : [range.first, range.last]
  return bindTo(walk, base, evidence, step, side, {first, last, ports, basePort: null, flags})
}

interface Addresses {
  readonly first: Address
  readonly last: Address
}

function addressesOf(place: RulePlace, nat: NftNat, pattern: NftPattern): Addresses {
  if (pattern.kind === 'value' && typeof pattern.value !== 'string')
    return {first: pattern.value as Address, last: pattern.value as Address}
  if (pattern.kind === 'range') return {first: pattern.min as Address, last: pattern.max as Address}
  throw new Undetermined('UNMODELLED_RULES', `the address of \`${nat.text}\` is not understood`, place.rule)
}

function portsOf(place: RulePlace, nat: NftNat, pattern: NftPattern | undefined): PortRange | null {
  if (pattern === undefined) return null
  const range = rangeOf(pattern)
  if (range !== null) return range
  throw new Undetermined('UNMODELLED_RULES', `the port of \`${nat.text}\` is not understood`, place.rule)
}

/** nft_nat_setup_netmap: the bits in which the range's ends differ are kept. */
function mapped({first, last}: Addresses, address: Address): Address {
  if (typeof first === 'number') {
    const host = first ^ (last as number)
    return (((first & ~host) | ((address as number) & host)) >>> 0) as Ipv4
  }
  const host = first ^ (last as bigint)
  return BigInt.asUintN(128, (first & ~host) | ((address as bigint) & host)) as Ipv6
}
