import type {NftExpression} from '../../model/index.js'
import {addressType} from '../netfilter/addressType.js'
import type {Walk} from '../walk/walk.js'
import type {Reading} from './reading.js'

/** nft_meta_get_eval. A device that is not there has the empty name. */
export function readMeta(walk: Walk, {key, text}: Extract<NftExpression, {kind: 'meta'}>): Reading {
  const {packet} = walk
  switch (key) {
    case 'mark':
      return packet.mark
    case 'iif':
    case 'iifname':
      return packet.inInterface ?? ''
    case 'oif':
    case 'oifname':
      return packet.outInterface ?? ''
    case 'l4proto':
      return packet.protocol
    case 'nfproto':
      return packet.family === 4 ? 2 : 10
    case 'protocol':
      return packet.family === 4 ? 0x0800 : 0x86dd
    case 'length':
      return {kind: 'length', less: 0}
    case 'pkttype':
      return packetType(walk, text)
    case 'skuid':
    case 'skgid':
    case 'cgroup': // of the sending socket
      return packet.maker === 'wire' ? null : fact(text)
    case 'iifgroup':
    case 'iifkind':
    case 'iiftype':
      return packet.inInterface === null ? null : fact(text)
    case 'oifgroup':
    case 'oifkind':
    case 'oiftype':
      return packet.outInterface === null ? null : fact(text)
    case 'random':
      return {kind: 'drawn', modulus: 2 ** 32, offset: 0, by: null, counter: null}
    default:
      return fact(text)
  }
}

function fact(text: string): Reading {
  return {kind: 'fact', text, scope: ''}
}

/** How the frame was addressed. Frames to a broadcast address may still come in unicast frames. */
function packetType(walk: Walk, text: string): Reading {
  const {packet} = walk
  const kind = addressType(walk.network, packet.destination, null)
  const many = packet.maker === 'wire' && (kind === 'BROADCAST' || kind === 'MULTICAST')
  return many ? fact(text) : 0
}
