import {type NextHop, type Route, TABLE_MAIN, tableName} from '../../model/index.js'
import {familyOf, formatAddress, formatPrefix} from '../../net/index.js'
import {tosName} from './dsfield.js'

/** A route as `ip route show table all` of a current iproute2 lists it: parseIpRoute reads it back. Multipath: one line for each next hop. */
export function formatRoute(route: Route): string {
  const only = route.nextHops.length === 1 ? route.nextHops[0] : undefined
  const {dev, nh_info: nexthopInfo, ...attributes} = Object.fromEntries(route.attributes)
  const words = [
    route.type === 'unicast' ? '' : route.type,
    route.destination.length === 0 ? 'default' : formatPrefix(route.destination),
    route.from === null ? '' : `from ${formatPrefix(route.from)}`,
    route.tos === 0 ? '' : `tos ${tosName(route.tos)}`,
    route.nextHopId === null ? '' : `nhid ${route.nextHopId}`,
    only === undefined ? '' : hopText(only, route),
    dev === undefined ? '' : `dev ${dev}`,
    route.table === TABLE_MAIN ? '' : `table ${tableName(route.table)}`,
    route.protocol === null ? '' : `proto ${route.protocol}`,
    route.scope === 'global' ? '' : `scope ${route.scope}`,
    route.preferredSource === null ? '' : `src ${formatAddress(route.preferredSource)}`,
    route.family === 6 || route.metric !== 0 ? `metric ${route.metric}` : '',
    only === undefined ? '' : flagsText(only),
    ...Object.entries(attributes).map(([key, value]) => `${key} ${value}`.trimEnd()),
    ...route.unknown,
  ]
  const hops =
    only === undefined
      ? route.nextHops.map(hop => `nexthop ${join([hopText(hop, route), `weight ${hop.weight}`, flagsText(hop)])}`)
      : []
  const info = nexthopInfo === undefined ? [] : [`nh_info ${nexthopInfo}`]
  return [join(words), ...info, ...hops].join('\n\t')
}

function hopText(hop: NextHop, route: Route): string {
  const {gateway} = hop
  const via =
    gateway !== null && familyOf(gateway) !== route.family ? `via inet${familyOf(gateway) === 6 ? '6' : ''}` : 'via'
  return join([
    hop.encap === null ? '' : `encap ${hop.encap}`,
    gateway === null ? '' : `${via} ${formatAddress(gateway)}`,
    hop.interface === null ? '' : `dev ${hop.interface}`,
  ])
}

function flagsText(hop: NextHop): string {
  return join([hop.dead ? 'dead' : '', hop.onlink ? 'onlink' : '', hop.linkdown ? 'linkdown' : ''])
}

function join(words: readonly string[]): string {
  return words.filter(word => word !== '').join(' ')
}
