import type {EksNode} from '../eks/index.js'
import type {IpamdAddress} from '../model/index.js'
import type {Address} from '../net/index.js'

/** Addresses of this node's ENIs that ipamd keeps for later: no pod has them now. With prefix delegation only those used before. */
export function idleAddresses(eks: EksNode): Map<Address, IpamdAddress> {
  const idle = new Map<Address, IpamdAddress>()
  for (const eni of eks.state.ipamd?.enis ?? []) {
    for (const address of eni.addresses) {
      const used = address.assigned || eks.podAt(address.address) !== null
      if (!used) idle.set(address.address, address)
    }
  }
  return idle
}
