import {type Address, parseAddress, parsePort, parseUint32} from '../../net/index.js'
import type {ConntrackTuple} from '../../model/index.js'

/** One direction while its `key=value` words are read. */
export class TupleDraft {
  source: Address | null = null
  destination: Address | null = null
  sourcePort: number | null = null
  destinationPort: number | null = null
  type: number | null = null
  code: number | null = null
  id: number | null = null

  /** @returns false where the key does not belong to a tuple, null where its value makes no sense */
  set(key: string, value: string): boolean | null {
    switch (key) {
      case 'src':
        return (this.source = parseAddress(value)) === null ? null : true
      case 'dst':
        return (this.destination = parseAddress(value)) === null ? null : true
      case 'sport':
        return (this.sourcePort = parsePort(value)) === null ? null : true
      case 'dport':
        return (this.destinationPort = parsePort(value)) === null ? null : true
      case 'type':
        return (this.type = parseUint32(value)) === null ? null : true
      case 'code':
        return (this.code = parseUint32(value)) === null ? null : true
      case 'id':
        return (this.id = parseUint32(value)) === null ? null : true
      default:
        return false
    }
  }

  /** Null where an address is missing. */
  finish(): ConntrackTuple | null {
    const {source, destination, sourcePort, destinationPort, type, code, id} = this
    if (source === null || destination === null || typeof source !== typeof destination) return null
    const icmp = type !== null && code !== null && id !== null ? {type, code, id} : null
    return {source, destination, sourcePort, destinationPort, icmp}
  }
}
