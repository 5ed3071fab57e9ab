import type {IpvsMethod, IpvsQuestion} from '../../model/index.js'
import {covered} from '../netfilter/covered.js'
import type {Walk} from '../walk/walk.js'
import {isPeer, type VirtualConnection} from './virtualConnection.js'

const METHODS: Readonly<Record<'GATE' | 'IPIP' | 'MASQ', IpvsMethod>> = {
  GATE: 'route',
  IPIP: 'tunnel',
  MASQ: 'masquerade',
}

/**
 * ipvs_mt (net/netfilter/xt_ipvs.c). A packet of which IPVS keeps no connection answers no question but the first; answers of real servers
 * are such, once they have the virtual address back.
 */
export function answersIpvs(walk: Walk, asks: IpvsQuestion, negated: boolean): boolean {
  const {packet} = walk
  if (asks.option === 'ipvs') return packet.ipvs !== negated
  const connection = packet.ipvs ? connectionOfRequest(walk) : null
  if (connection === null) return false
  // without a connection of conntrack no direction is the right one
  if (asks.option === 'vdir' && packet.connection === null) return false
  return holds(walk, connection, asks) !== negated
}

function connectionOfRequest({packet, virtualConnections}: Walk): VirtualConnection | null {
  return (
    virtualConnections.find(({protocol, client, real, virtual, method}) => {
      const at = method === 'masquerade' ? real : virtual
      return (
        protocol === packet.protocol &&
        isPeer(client, packet.source, packet.sourcePort) &&
        isPeer(at, packet.destination, packet.destinationPort)
      )
    }) ?? null
  )
}

function holds({packet}: Walk, connection: VirtualConnection, asks: Exclude<IpvsQuestion, {option: 'ipvs'}>): boolean {
  switch (asks.option) {
    case 'vaddr':
      return covered(asks.prefix, connection.virtual.address)
    case 'vproto':
      return packet.protocol === asks.protocol
    case 'vport':
      return connection.virtual.port === asks.port
    case 'vportctl': // of the template: only persistent services have one
      return connection.service?.persistence != null && connection.virtual.port === asks.port
    case 'vdir':
      return (packet.direction === 'reply') === (asks.direction === 'REPLY')
    case 'vmethod':
      return connection.method === METHODS[asks.method]
  }
}
