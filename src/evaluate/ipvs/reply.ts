import {isError} from '../walk/conntrack.js'
import {endpoint} from '../walk/describe.js'
import {routeOutput} from '../walk/route.js'
import type {Walk} from '../walk/walk.js'
import type {IpvsHook} from './ipvsHook.js'
import {type IpvsVerdict, PASS} from './ipvsVerdict.js'
import {peerText, recordIpvs} from './record.js'
import {ipvsSetting} from './settings.js'
import {untrack} from './untrack.js'
import {connectionOfReply, type VirtualConnection} from './virtualConnection.js'

/**
 * ip_vs_out (net/netfilter/ipvs/ip_vs_core.c): the answer of a real server gets the virtual address as its source, and on its way to others
 * is routed again as a packet of the node.
 */
export function runReply(walk: Walk, base: IpvsHook): IpvsVerdict {
  const {packet} = walk
  const connection = isError(packet) ? connectionOfError(walk) : connectionOfReply(walk)
  if (connection?.method !== 'masquerade') return PASS
  const before = endpoint(packet, 'source')
  packet.source = connection.virtual.address
  if (!isError(packet)) packet.sourcePort = connection.virtual.port
  if (walk.tracing) {
    recordIpvs(walk, base, {
      kind: 'ipvs-reply',
      service: connection.service,
      number: null,
      target: 'virtual',
      evidence: connection.evidence,
      effect: `source ${before} → ${isError(packet) ? peerText({...connection.virtual, port: null}) : endpoint(packet, 'source')}, as IPVS keeps it of the connection`,
    })
  }
  packet.ipvs = true
  if (ipvsSetting(walk, 'conntrack') === 0) untrack(packet)
  return routeAgain(walk, base)
}

/** ip_vs_route_me_harder: answers to others, not those to the node itself. */
function routeAgain(walk: Walk, {hook}: IpvsHook): IpvsVerdict {
  const toNode = hook === 'INPUT' || walk.packet.route?.type === 'local' || walk.packet.outInterface === 'lo'
  if (toNode || ipvsSetting(walk, 'snat_reroute') === 0) return PASS
  const verdict = routeOutput(walk, 'reroute', `routing (again, after ipvs ${hook})`)
  return verdict === null ? PASS : {kind: 'ended', verdict}
}

/** The error quotes the packet that this walk sent to the real server (ip_vs_out_icmp). */
function connectionOfError({packet, virtualConnections}: Walk): VirtualConnection | null {
  if (!packet.isAnswer) return null
  return virtualConnections.find(({client}) => client.address === packet.destination) ?? null
}
