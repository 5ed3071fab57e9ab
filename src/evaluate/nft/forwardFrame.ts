import type {NftFwd} from '../../model/index.js'
import {type Address, formatAddress} from '../../net/index.js'
import type {ChainVerdict} from '../netfilter/runChain.js'
import {Undetermined, type Walk} from '../walk/walk.js'
import type {RulePlace} from './place.js'
import {read, settle} from './read.js'

export interface FrameForwarded {
  readonly verdict: ChainVerdict
  readonly effect: string
}

/**
 * `fwd to "eth1"` leaves the frame as it is (nft_fwd_netdev_eval); `fwd ip to 10.0.0.1 device "eth1"` counts down the TTL and addresses it to that
 * neighbour (nft_fwd_neigh_eval). At ingress: what leaves a device has a frame for it already, and is not modelled.
 * @returns null where the rule ends: a packet of the other family
 */
export function forwardFrame(walk: Walk, place: RulePlace, {device, neighbour, text}: NftFwd): FrameForwarded | null {
  const {packet} = walk
  if (neighbour !== null && neighbour.family !== (packet.family === 4 ? 'ip' : 'ip6')) return null
  if (place.base.hook !== 'INGRESS')
    throw new Undetermined('UNMODELLED_TARGET', `what \`${text}\` does at egress is not modelled`, place.rule)
  const name = settle(walk, read(walk, place, device), device.text, place)
  const address =
    neighbour === null ? null : settle(walk, read(walk, place, neighbour.address), neighbour.address.text, place)
  if (name === null || (neighbour !== null && address === null)) return null
  if (neighbour !== null && packet.ttl <= 1)
    return {verdict: {kind: 'drop', by: 'rule', evidence: place.rule}, effect: `the TTL is ${packet.ttl}: dropped`}
  if (neighbour !== null) packet.ttl--
  packet.outInterface = String(name)
  packet.handedTo = {neighbour: address as Address | null}
  const to =
    neighbour === null ? 'with the addresses that the frame came with' : `to ${formatAddress(address as Address)}`
  return {verdict: {kind: 'handed'}, effect: `out by ${packet.outInterface} ${to}: no routing, no hook of IP`}
}
