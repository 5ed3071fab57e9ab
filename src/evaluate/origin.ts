import {type Address, formatAddress, isLoopback, isMulticast} from '../net/index.js'
import {type Evidence, type Flow, TABLE_LOCAL, TABLE_MAIN} from '../model/index.js'
import {isLimitedBroadcast, isZeroNet, type Network} from './network/network.js'
import type {Walk} from './walk/walk.js'

/** Where the flow's first packet enters the walk. */
export interface Origin {
  /** `attached`: from behind a host route without a gateway, which is how a pod's veth looks to Linux. */
  readonly kind: 'attached' | 'node' | 'external'
  /** Device it comes in by; null for the node's own packets. */
  readonly interface: string | null
  readonly evidence: Evidence | null
  /** Null unless the device was inferred. */
  readonly assumption: string | null
}

/** A flow that cannot be on this node: the user's to correct. */
export class FlowError extends Error {
  override readonly name = 'FlowError'
}

/** Derives from the source where the packet comes from, unless the flow says it. @throws FlowError */
export function findOrigin(network: Network, flow: Flow): Origin {
  const {source, inInterface, family} = flow
  if (inInterface !== null && inInterface !== 'lo') {
    if (!network.interfaces.mayExist(inInterface)) throw new FlowError(unknownInterface(network, inInterface))
    const attached = source !== null && network.attachedTo(source)?.interface === inInterface
    return {kind: attached ? 'attached' : 'external', interface: inInterface, evidence: null, assumption: null}
  }
  if (source === null || inInterface === 'lo' || isLoopback(source) || isOwn(network, source)) {
    return {kind: 'node', interface: null, evidence: null, assumption: null}
  }
  refuseImpossible(source)
  const attached = network.attachedTo(source)
  if (attached !== null)
    return {kind: 'attached', interface: attached.interface, evidence: attached.route, assumption: null}
  const uplink = findUplink(network, family, source)
  if (uplink === null) {
    throw new FlowError(
      `${formatAddress(source)} is no address of this node and of none of its pods, and ${noWayBack(network, family)}, so it is not known where ` +
        'such a packet would come in. Say it with --iif INTERFACE.',
    )
  }
  return uplink
}

function noWayBack(network: Network, family: 4 | 6): string {
  return network.routing(family).isListed(TABLE_MAIN)
    ? 'the main table has no route back to it'
    : `the capture has no routes (\`${family === 4 ? 'ip' : 'ip -6'} route show table all\`)`
}

function isOwn(network: Network, address: Address): boolean {
  const local = network.routing(typeof address === 'number' ? 4 : 6).tables.get(TABLE_LOCAL)
  return local?.find(address, route => (route.type === 'local' ? route : null)) != null
}

function refuseImpossible(source: Address): void {
  const why = isMulticast(source)
    ? 'a multicast address'
    : isLimitedBroadcast(source)
      ? 'the broadcast address'
      : isZeroNet(source) || source === 0n
        ? 'no address of a host'
        : null
  if (why !== null) {
    throw new FlowError(
      `${formatAddress(source)} is ${why}: no packet comes from there. To see what the kernel does with such a packet, give --iif too.`,
    )
  }
}

/** The device of the main table's route back to the source. */
function findUplink(network: Network, family: 4 | 6, source: Address): Origin | null {
  const main = network.routing(family).tables.get(TABLE_MAIN)
  const route =
    main?.find(source, candidate =>
      candidate.type === 'unicast' && candidate.nextHops[0]?.interface != null ? candidate : null,
    ) ?? null
  // a route by a gateway is no statement of where others come from: strangers come in by the default route's device
  const uplink =
    route !== null && route.nextHops[0]?.gateway == null
      ? route
      : (main?.routes.find(
          candidate => candidate.destination.length === 0 && candidate.nextHops[0]?.interface != null,
        ) ?? route)
  const device = uplink?.nextHops[0]?.interface
  if (uplink == null || device == null) return null
  return {
    kind: 'external',
    interface: device,
    evidence: uplink,
    assumption: `${formatAddress(source)} is not on this node: its packets are taken to come in by ${device} (say it with --iif)`,
  }
}

function unknownInterface(network: Network, name: string): string {
  const names = network.interfaces.names().join(', ')
  return `There is no interface ${name} on this node: --iif takes one of ${names === '' ? 'the names in the capture' : names}.`
}

export function assumeOrigin(walk: Walk, origin: Origin): void {
  if (origin.assumption !== null) walk.assume('ORIGIN_INTERFACE', origin.assumption, origin.evidence?.source ?? null)
}
