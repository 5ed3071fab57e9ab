import {ipv4, makePrefix} from '../../net/index.js'
import type {IpvsDestination, IpvsService} from '../../model/index.js'
import type {Walk} from '../walk/walk.js'
import {weightOf} from './schedule.js'
import {peerText, serviceName} from './record.js'
import {ipvsSetting} from './settings.js'

/** The real server that a persistent service keeps for the client. */
export interface Kept {
  readonly destination: IpvsDestination
  readonly effect: string
}

/**
 * ip_vs_sched_persist: a client that came before comes to the same real server again. Where the capture lists connections, its template is
 * in the list or there is none; else only servers that new clients would not get are told apart, by a branch of their own.
 * @returns null where the scheduler chooses
 */
export function findTemplate(walk: Walk, service: IpvsService): Kept | null {
  const {virtualServices} = walk.netfilter
  const {persistence} = service
  if (persistence === null || service.persistenceEngine !== null) return null
  if (virtualServices.state.connections !== null) return listedTemplate(walk, service, persistence.clientBits)
  const drained = service.destinations.filter(
    destination => weightOf(service, destination) === 0 && mayBeKept(walk, service, destination),
  )
  const within = `the client has connected within the last ${persistence.timeout} s, to a server that is drained by now`
  if (drained.length === 0 || !walk.decide(`ipvs kept ${serviceName(service)}`, within)) return null
  const texts = drained.map(destination => `its real server then was ${peerText(destination)}`)
  const destination = drained[walk.pick(`ipvs template ${serviceName(service)}`, texts)] as IpvsDestination
  return {destination, effect: `persistent: the server of its last connection, for another ${persistence.timeout} s`}
}

/** ip_vs_check_template: a drained server keeps its clients unless net.ipv4.vs.expire_quiescent_template says otherwise. */
function mayBeKept(walk: Walk, service: IpvsService, destination: IpvsDestination): boolean {
  return weightOf(service, destination) > 0 || ipvsSetting(walk, 'expire_quiescent_template') === 0
}

function listedTemplate(walk: Walk, service: IpvsService, clientBits: number): Kept | null {
  const {packet, netfilter} = walk
  const {frontend} = service
  const client = {address: makePrefix(packet.source, clientBits).address, port: 0}
  const asked =
    frontend.kind === 'address' && (packet.destinationPort === null || packet.destinationPort === frontend.port)
  const template =
    frontend.kind === 'mark'
      ? netfilter.virtualServices.connection(0, client, {address: ipv4(frontend.mark), port: 0})
      : netfilter.virtualServices.connection(packet.protocol, client, {
          address: packet.destination,
          port: asked && frontend.port !== 21 ? frontend.port : 0,
        })
  if (template === null) return null
  const {real, source} = template
  const destination = service.destinations.find(
    ({address, port}) => address === real.address && (port === real.port || real.port === 0),
  )
  if (destination === undefined || !mayBeKept(walk, service, destination)) return null
  return {
    destination,
    effect: `persistent: kept for this client for another ${template.timeout ?? '?'} s (${source.document}:${source.line})`,
  }
}
