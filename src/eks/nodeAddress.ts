import {type NodeState, TABLE_MAIN} from '../model/index.js'
import {type Address, type Family, familyOf, isLinkLocal} from '../net/index.js'
import {type Claim, proven} from './claim.js'
import {defaultRoute, interfaceOf, type RoutingIndex} from './routingIndex.js'
import {rulesOf} from './rulesOf.js'

/**
 * The node's primary address: the first of the interface by which it reaches the world, or else what routes give as their source, or
 * what the CNI translates to.
 */
export function findNodeAddress(state: NodeState, routing: RoutingIndex, family: Family): Claim<Address> | null {
  const route = defaultRoute(routing, TABLE_MAIN, family)
  const name = interfaceOf(route)
  return (
    (name === null ? null : addressOfInterface(state, routing, name, family)) ??
    sourceHint(state, name, family) ??
    translationSource(state, family)
  )
}

function addressOfInterface(
  state: NodeState,
  routing: RoutingIndex,
  name: string,
  family: Family,
): Claim<Address> | null {
  const listed = state.addresses?.find(
    entry => entry.interface === name && entry.family === family && entry.scope === 'global' && !entry.secondary,
  )
  if (listed !== undefined) return proven(listed.address, `the first address of ${name}`, [listed])
  for (const [address, own] of routing.ownAddresses) {
    if (own.interface === name && familyOf(address) === family && !isLinkLocal(address)) {
      return proven(address, `a local address of ${name}`, [own])
    }
  }
  return null
}

function sourceHint(state: NodeState, name: string | null, family: Family): Claim<Address> | null {
  const route = state.routing[family].routes?.find(
    candidate =>
      candidate.table === TABLE_MAIN && candidate.preferredSource !== null && interfaceOf(candidate) === name,
  )
  return route?.preferredSource == null ? null : proven(route.preferredSource, 'the source that a route gives', [route])
}

function translationSource(state: NodeState, family: Family): Claim<Address> | null {
  for (const chain of ['AWS-SNAT-CHAIN-0', 'AWS-SNAT-CHAIN-1', 'POSTROUTING']) {
    for (const rule of rulesOf(state, 'nat', chain)) {
      const address = rule.target.kind === 'snat' ? rule.target.ranges[0]?.first : undefined
      if (rule.comment === 'AWS, SNAT' && address != null && familyOf(address) === family) {
        return proven(address, 'what the CNI translates to', [rule])
      }
    }
  }
  return null
}
