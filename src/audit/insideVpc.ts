import {defaultRoute, type EksNode} from '../eks/index.js'
import {TABLE_MAIN} from '../model/index.js'
import {type Address, ipv4} from '../net/index.js'

/**
 * An address in the VPC, outside the node: in the subnet of the primary ENI the one after the gateway, which AWS keeps for its DNS.
 * Null where main has no IPv4 gateway.
 */
export function addressInsideVpc(eks: EksNode): Address | null {
  const gateway = defaultRoute(eks.routing, TABLE_MAIN)?.nextHops[0]?.gateway
  return typeof gateway === 'number' ? ipv4(gateway + 1) : null
}
