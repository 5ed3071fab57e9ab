import {contains, formatAddress, protocolName, TCP} from '../../net/index.js'
import type {Evidence, IpSet, IpvsService} from '../../model/index.js'
import {addressType} from '../netfilter/addressType.js'
import {decidePort, triPort} from '../walk/ports.js'
import {Undetermined, type Walk} from '../walk/walk.js'
import {serviceName} from './record.js'

const COLLECT = 'collect `ipvsadm --save --numeric`'
const FTP = 21
const FTP_DATA = 20

/**
 * ip_vs_service_find: by mark, by address and port, FTP's data, then by address alone. Branches where the flow leaves the port open.
 * @throws Undetermined where the packet may be a service's that the capture does not show
 */
export function findService(walk: Walk): IpvsService | null {
  const {packet} = walk
  const {virtualServices} = walk.netfilter
  if (virtualServices.unlisted !== null) return refuseUnlisted(walk, virtualServices.unlisted)
  const marked = packet.mark === 0 ? null : virtualServices.byMark(packet.family, packet.mark)
  if (marked !== null) return marked
  const here = virtualServices.at(packet.protocol, packet.destination)
  const found =
    here.find(service => portOf(service) !== 0 && decidePort(walk, 'destination', portOf(service), portOf(service))) ??
    ftpData(walk, here) ??
    here.find(service => portOf(service) === 0) ??
    null
  if (found === null) refuseUnread(walk)
  return found
}

function portOf({frontend}: IpvsService): number {
  return frontend.kind === 'address' ? frontend.port : 0
}

/** Only persistence brings FTP's other connections to the same real server; without it IPVS lets them pass. */
function ftpData(walk: Walk, here: readonly IpvsService[]): IpvsService | undefined {
  const {packet, network} = walk
  if (packet.protocol !== TCP) return undefined
  const ftp = here.find(service => portOf(service) === FTP && service.persistence !== null)
  if (ftp === undefined) return undefined
  const first = network.sysctls.get('net.ipv4.ip_unprivileged_port_start', 1024)
  const data = decidePort(walk, 'destination', FTP_DATA, FTP_DATA) || decidePort(walk, 'destination', first, 65535)
  return data ? ftp : undefined
}

/** A line that could not be read may be the service of this packet, if the packet is for the node: kube-proxy binds each virtual address. */
function refuseUnread(walk: Walk): void {
  const {packet, netfilter} = walk
  const [line] = netfilter.virtualServices.state.unread
  if (line === undefined || !isForNode(walk)) return
  const target = `${protocolName(packet.protocol)} ${formatAddress(packet.destination)}`
  const text = `no virtual service of IPVS is meant for ${target} (${line.source.document}:${line.source.line} could not be read)`
  if (walk.decide(`ipvs unread ${target}`, text)) return
  throw new Undetermined('MISSING_INPUT', `a line of the listing of IPVS could not be read: ${COLLECT}`, line)
}

function isForNode({network, packet}: Walk): boolean {
  return addressType(network, packet.destination, null) === 'LOCAL'
}

/** kube-proxy's range unless told otherwise (--service-node-port-range). */
const NODE_PORTS = {min: 30000, max: 32767}

/** No listing: what goes to a virtual address is lost to us, and so is what goes to a node port. */
function refuseUnlisted(walk: Walk, sign: Evidence): null {
  const {packet, netfilter} = walk
  const own = netfilter.virtualServices.onDevice(packet.destination)
  if (own !== null) {
    const text = `${formatAddress(packet.destination)} is a virtual address of IPVS, and no listing shows its real servers: ${COLLECT}`
    throw new Undetermined('MISSING_INPUT', text, own)
  }
  const member = isForNode(walk) && !netfilter.virtualServices.leftOver ? isNodePort(walk) : null
  if (member === null) return null
  throw new Undetermined(
    'MISSING_INPUT',
    `the port is a node port of kube-proxy in IPVS mode, and no listing shows its real servers: ${COLLECT}`,
    member === 'assumed' ? sign : member,
  )
}

/** By the sets of kube-proxy; where the capture has no sets, by the range that kube-proxy takes node ports from. */
function isNodePort(walk: Walk): Evidence | 'assumed' | null {
  const {packet, netfilter} = walk
  const {ipsets} = netfilter.virtualServices
  if (ipsets !== null)
    return (
      setsOfNodePorts(ipsets, packet.protocol)
        .map(set => memberOf(walk, set))
        .find(entry => entry !== null) ?? null
    )
  if (triPort(packet, 'destination', NODE_PORTS.min, NODE_PORTS.max) === 0) {
    walk.assume(
      'IPVS_NODE_PORTS',
      `no ipsets in the capture: kube-proxy's node ports are taken to lie within ${NODE_PORTS.min}–${NODE_PORTS.max}`,
    )
    return null
  }
  return decidePort(walk, 'destination', NODE_PORTS.min, NODE_PORTS.max) ? 'assumed' : null
}

function setsOfNodePorts(ipsets: ReadonlyMap<string, IpSet>, protocol: number): IpSet[] {
  const name = new RegExp(`^KUBE-(6-)?NODE-PORT-(LOCAL-)?${protocolName(protocol).toUpperCase()}(-HASH)?$`)
  return [...ipsets.values()].filter(set => name.test(set.name))
}

function memberOf(walk: Walk, {entries}: IpSet): Evidence | null {
  const {packet} = walk
  for (const entry of entries) {
    const elsewhere = entry.parts.some(part => part.kind === 'net' && !contains(part.prefix, packet.destination))
    const port = entry.parts.find(part => part.kind === 'port')
    if (!elsewhere && port !== undefined && decidePort(walk, 'destination', port.range.min, port.range.max))
      return entry
  }
  return null
}

/** @throws Undetermined where a part of the service is not known */
export function requireWhole(service: IpvsService): void {
  if (service.unread === null) return
  const text = `a real server of ${serviceName(service)} could not be read: ${COLLECT}`
  throw new Undetermined('MISSING_INPUT', text, service.unread)
}
