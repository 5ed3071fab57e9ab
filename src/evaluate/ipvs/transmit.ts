import {type Address, anyAddress, isLoopback, UDP} from '../../net/index.js'
import type {IpvsDestination} from '../../model/index.js'
import {selectSource} from '../network/sourceAddress.js'
import {selectSource6} from '../network/sourceAddress6.js'
import {endpoint} from '../walk/describe.js'
import {lookup, type RouteResult, selectHop} from '../walk/lookup.js'
import {queryFor} from '../walk/queryFor.js'
import {recordRoute} from '../walk/recordRoute.js'
import {failureReason} from '../walk/routeInput.js'
import {Undetermined, type Walk} from '../walk/walk.js'
import type {IpvsHook} from './ipvsHook.js'
import {ended, type IpvsVerdict, PASS, SENT} from './ipvsVerdict.js'
import {peerText, recordIpvs, serviceName} from './record.js'
import {ipvsSetting} from './settings.js'
import {untrack} from './untrack.js'
import type {VirtualConnection} from './virtualConnection.js'

const IPIP = 4
const IPV6_IN_IP = 41
const GRE = 47

/**
 * ip_vs_nat_xmit, ip_vs_dr_xmit, ip_vs_tunnel_xmit (net/netfilter/ipvs/ip_vs_xmit.c). The route to the real server is looked up by its address
 * alone: no rule sees the client, the mark or a port.
 */
export function transmit(
  walk: Walk,
  base: IpvsHook,
  connection: VirtualConnection,
  destination: IpvsDestination | null,
): IpvsVerdict {
  const {packet} = walk
  const {real, method} = connection
  requireMethod(connection, destination)
  if (method === 'local') {
    packet.ipvs = true
    record(walk, base, connection, destination, 'LOCAL', 'a server on this node itself: the packet goes on as it is')
    return PASS
  }
  if (typeof real.address !== typeof packet.destination && method !== 'tunnel') return ended('unroutable', 'NO_ROUTE')
  const result = lookup(walk, queryFor(real.address))
  if (result.kind === 'error') {
    record(walk, base, connection, destination, method, `no route to ${peerText(real)}`)
    recordRoute(walk, 'routing (real server)', result)
    return ended('unroutable', failureReason(result))
  }
  const local = result.type === 'local'
  const refusal = refuse(walk, connection, local)
  if (refusal !== null) {
    record(walk, base, connection, destination, 'dropped', refusal)
    return ended('dropped', 'IPVS_DROPPED')
  }
  if (!local && packet.ttl <= 1) {
    record(walk, base, connection, destination, 'TTL_EXCEEDED', `the TTL is ${packet.ttl}: time exceeded`)
    return ended('unroutable', 'TTL_EXCEEDED')
  }
  keep(walk, connection)
  switch (method) {
    case 'masquerade':
      translate(walk, base, connection, destination)
      break
    case 'route':
      record(walk, base, connection, destination, 'ROUTE', `as it is, to ${peerText({...real, port: null})}`)
      break
    case 'tunnel':
      break
  }
  if (ipvsSetting(walk, 'conntrack') === 0) untrack(packet)
  packet.ipvs = true
  if (local) {
    if (method === 'tunnel') record(walk, base, connection, destination, 'TUNNEL', 'a server on this node itself')
    return PASS
  }
  packet.ttl--
  return send(walk, base, connection, destination, result)
}

/** @throws Undetermined where the listing does not show how packets get there */
function requireMethod({service}: VirtualConnection, destination: IpvsDestination | null): void {
  if (destination === null || destination.method !== null) return
  const name = service === null ? 'its service' : serviceName(service)
  const text = `the listing does not show how packets get to the real servers of ${name}: collect \`ipvsadm --save --numeric\``
  throw new Undetermined('MISSING_INPUT', text, destination)
}

/** crosses_local_route_boundary, and "from world but DNAT to loopback address". Null: nothing is in the way. */
function refuse(walk: Walk, {real, method}: VirtualConnection, local: boolean): string | null {
  const {packet} = walk
  if (!local) return isLoopback(packet.source) ? 'IPVS sends nothing from a loopback address to another host' : null
  if (method === 'masquerade')
    return packet.inInterface !== null && packet.inInterface !== 'lo' && isLoopback(real.address)
      ? 'nothing from outside is sent to a loopback address'
      : null
  return packet.route?.type === 'local' ? null : 'only masquerading may bring a packet for another host to this node'
}

/** Connections of one-packet services are forgotten at once: their answers keep the address of the real server. */
function keep(walk: Walk, connection: VirtualConnection): void {
  if (connection.service?.onePacket === true && connection.protocol === UDP) return
  walk.virtualConnections.push(connection)
}

function translate(
  walk: Walk,
  base: IpvsHook,
  connection: VirtualConnection,
  destination: IpvsDestination | null,
): void {
  const {packet} = walk
  const before = endpoint(packet, 'destination')
  const {real, service, protocol} = connection
  packet.destination = real.address
  packet.destinationPort = real.port
  if (real.port !== null) packet.openDestinationPorts = []
  record(walk, base, connection, destination, 'MASQ', `destination ${before} → ${endpoint(packet, 'destination')}`)
  // ip_vs_update_conntrack: answers are expected from the real server; that is no NAT in conntrack's eyes (ctstate DNAT stays false)
  const tracked = packet.connection
  const oncePerPacket = service?.onePacket === true && protocol === UDP
  if (tracked === null || tracked.confirmed || oncePerPacket || packet.direction !== 'original') return
  tracked.reply = {...tracked.reply, source: real.address, sourcePort: real.port}
}

function send(
  walk: Walk,
  base: IpvsHook,
  connection: VirtualConnection,
  destination: IpvsDestination | null,
  result: RouteResult,
): IpvsVerdict {
  const {real, method} = connection
  const hop = selectHop(walk, result, null)
  // the packet keeps its destination; the real server is its next hop (FLOWI_FLAG_KNOWN_NH)
  const nextHop = method === 'route' ? {...hop, gateway: hop.gateway ?? real.address} : hop
  const route = {...result, hops: [nextHop]}
  if (method === 'tunnel') encapsulate(walk, base, connection, destination, route)
  const {packet} = walk
  packet.route = route
  packet.outInterface = hop.interface
  packet.answeredElsewhere = method !== 'masquerade' && comesFromOutside(walk, connection.client.address)
  recordRoute(walk, 'routing (real server)', route)
  return SENT
}

/** The client is behind the network: its answer does not come by this node. */
function comesFromOutside({network, packet}: Walk, client: Address): boolean {
  return packet.inInterface !== null && network.attachedTo(client) === null
}

/** The outer packet: a connection of its own for conntrack. */
function encapsulate(
  walk: Walk,
  base: IpvsHook,
  connection: VirtualConnection,
  destination: IpvsDestination | null,
  {hops, route}: RouteResult,
): void {
  const {packet} = walk
  const {address} = connection.real
  const device = hops[0]?.interface ?? ''
  const gateway = hops[0]?.gateway ?? null
  const source =
    route.preferredSource ??
    (typeof address === 'number'
      ? selectSource(walk.network, device, typeof gateway === 'number' ? gateway : null)
      : selectSource6(walk.network, device, address))
  const tunnel = destination?.tunnel ?? {type: 'ipip', port: 0}
  const inner = packet.family === 4 ? IPIP : IPV6_IN_IP
  record(
    walk,
    base,
    connection,
    destination,
    'TUNNEL',
    `inside a packet (${tunnel.type}) to ${peerText({address, port: null})}`,
  )
  walk.packet = {
    ...packet,
    family: typeof address === 'number' ? 4 : 6,
    protocol: tunnel.type === 'gue' ? UDP : tunnel.type === 'gre' ? GRE : inner,
    source: source ?? anyAddress(typeof address === 'number' ? 4 : 6),
    destination: address,
    sourcePort: null,
    destinationPort: tunnel.type === 'gue' ? tunnel.port : null,
    openSourcePorts: [],
    openDestinationPorts: [],
    connection: null,
    ctInfo: 'none',
    direction: 'original',
  }
}

function record(
  walk: Walk,
  base: IpvsHook,
  {service}: VirtualConnection,
  destination: IpvsDestination | null,
  target: string,
  effect: string,
): void {
  if (!walk.tracing) return
  const number = destination?.number ?? null
  recordIpvs(walk, base, {kind: 'ipvs-destination', service, number, target, evidence: destination, effect})
}
