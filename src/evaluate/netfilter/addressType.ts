import {type Address, isMulticast} from '../../net/index.js'
import {type AddressType, TABLE_LOCAL} from '../../model/index.js'
import {isLimitedBroadcast, isZeroNet, type Network} from '../network/network.js'

/**
 * inet_dev_addr_type (net/ipv4/fib_frontend.c): asks the local table itself, never the policy rules; what is not in it is unicast.
 * @param device only this device's addresses count, and those of which no capture tells the device; null: any
 */
export function addressType(network: Network, address: Address, device: string | null): AddressType {
  if (isMulticast(address)) return 'MULTICAST'
  if (isZeroNet(address) || isLimitedBroadcast(address)) return 'BROADCAST'
  const family = typeof address === 'number' ? 4 : 6
  const table = network.routing(family).tables.get(TABLE_LOCAL)
  const found = table?.find(address, route => (route.tos === 0 ? route : null)) ?? null
  if (found === null) return 'UNICAST'
  const owner = found.nextHops[0]?.interface ?? null
  if (device !== null && owner !== null && owner !== device) return 'UNICAST'
  switch (found.type) {
    case 'local':
      return 'LOCAL'
    case 'broadcast':
      return 'BROADCAST'
    case 'anycast':
      return 'ANYCAST'
    case 'multicast':
      return 'MULTICAST'
    default:
      return 'UNICAST'
  }
}
