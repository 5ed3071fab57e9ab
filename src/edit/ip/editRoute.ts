import {type NextHop, type NodeState, type Route, TABLE_MAIN, tableName} from '../../model/index.js'
import {contains, type Family, formatAddress, isLinkLocal, samePrefix} from '../../net/index.js'
import {formatRoute} from '../../parse/index.js'
import type {EditCommand, Edited} from '../command.js'
import {needDevice} from './devices.js'
import {complete} from './editIp.js'
import {needTable, readRouteWords, type RouteWords} from './routeWords.js'
import {withRouting} from './withRouting.js'

const ACTIONS = ['add', 'append', 'change', 'chg', 'delete', 'flush', 'prepend', 'replace'] as const

/** `ip route add …`, `append`, `replace`, `change`, `del`, and `flush table N`. */
export function editRoute(state: NodeState, command: EditCommand, family: Family | null): Edited {
  const action = complete(command, ACTIONS, 'add, append, replace, change, del or flush')
  if (action === 'flush') return flushTable(state, command, family ?? 4)
  const words = readRouteWords(command, family)
  const routes = needTable(state, command, words.route)
  if (action === 'delete') return deleteRoute(state, command, routes, words)
  const route = settle(state, command, routes, words)
  const at = routes.findIndex(other => sameKey(other, route))
  const twin = routes[at]
  const put = (changed: readonly Route[], effect: string): Edited => ({
    state: withRouting(state, route.family, {routes: changed}),
    effect,
  })
  if (twin === undefined) {
    if (action === 'change' || action === 'chg') command.refuse('the node has no such route to change.')
    return put([...routes, route], 'added')
  }
  const place = `${twin.source.document}:${twin.source.line}`
  switch (action) {
    case 'add':
      return command.refuse(`the node has a route to that prefix already: ${place}. Say ip route replace.`)
    case 'append':
      return put(routes.toSpliced(routes.findLastIndex(other => sameKey(other, route)) + 1, 0, route), 'added')
    case 'prepend':
      return put(routes.toSpliced(at, 0, route), 'added')
    case 'replace':
    case 'change':
    case 'chg':
      return put(routes.toSpliced(at, 1, route), `replaced ${place}`)
  }
}

/** What tells two routes of a table apart: prefix, tos and metric (fib_table_insert). */
function sameKey(a: Route, b: Route): boolean {
  return a.table === b.table && a.tos === b.tos && a.metric === b.metric && samePrefix(a.destination, b.destination)
}

/** What the kernel makes of the words: devices, scope, and whether gateway and source can be. */
function settle(state: NodeState, command: EditCommand, routes: readonly Route[], words: RouteWords): Route {
  const {route, says} = words
  const nextHops = route.nextHops.map(hop => settleHop(state, command, routes, route, hop))
  const settled: Route = {...route, nextHops, scope: says('scope') ? route.scope : scopeOf({...route, nextHops})}
  const source = settled.preferredSource
  if (source !== null && state.addresses?.every(({address}) => address !== source) === true) {
    command.refuse(`${formatAddress(source)} is no address of the node: it cannot be the source.`)
  }
  return {...settled, text: formatRoute(settled).replaceAll('\n\t', ' ')}
}

/** iproute2: of a route on the link, or to the node itself; IPv6 knows none. */
function scopeOf({family, type, nextHops}: Route): Route['scope'] {
  if (family === 6) return 'global'
  if (type === 'local' || type === 'nat') return 'host'
  if (type === 'broadcast' || type === 'multicast' || type === 'anycast') return 'link'
  return nextHops.length > 0 && nextHops.every(({gateway}) => gateway === null) ? 'link' : 'global'
}

/** fib_check_nh: a gateway must be on a link, by a route of the same table or of main. */
function settleHop(
  state: NodeState,
  command: EditCommand,
  routes: readonly Route[],
  {family, table}: Route,
  hop: NextHop,
): NextHop {
  const {gateway, interface: device, onlink} = hop
  if (device !== null) needDevice(state, command, device)
  if (gateway === null) return device === null ? command.fail('dev or via') : hop
  if (device !== null && (onlink || isLinkLocal(gateway))) return hop
  const reach = [table, TABLE_MAIN].flatMap(id =>
    routes
      .filter(route => route.family === family && route.table === id && route.type === 'unicast')
      .filter(route => contains(route.destination, gateway) && route.nextHops[0]?.gateway === null)
      .filter(route => device === null || route.nextHops[0]?.interface === device)
      .sort((a, b) => b.destination.length - a.destination.length),
  )[0]
  const found = reach?.nextHops[0]?.interface
  if (found != null) return {...hop, interface: found}
  const where = device ?? 'a device'
  return command.refuse(
    `the kernel refuses a gateway that is not on the link: no route leads to ${formatAddress(gateway)} by ${where}. ` +
      `First: ip route add ${formatAddress(gateway)} dev ${device ?? 'DEVICE'} scope link table ${tableName(table)}.`,
  )
}

function deleteRoute(state: NodeState, command: EditCommand, routes: readonly Route[], words: RouteWords): Edited {
  const [found] = routes.filter(route => isMeant(route, words)).sort((a, b) => a.metric - b.metric)
  if (found === undefined) return command.refuse('the node has no such route.')
  const {document, line} = found.source
  return {
    state: withRouting(state, found.family, {routes: routes.filter(route => route !== found)}),
    effect: `deleted ${document}:${line}`,
  }
}

/** fib_table_delete: table, prefix and tos, and all else that is named. */
function isMeant(route: Route, {route: wanted, says}: RouteWords): boolean {
  if (route.family !== wanted.family || route.table !== wanted.table || route.tos !== wanted.tos) return false
  if (!samePrefix(route.destination, wanted.destination)) return false
  if (says('type') && route.type !== wanted.type) return false
  if (says('scope') && route.scope !== wanted.scope) return false
  if (says('metric') && route.metric !== wanted.metric) return false
  if (says('protocol') && route.protocol !== wanted.protocol) return false
  if (says('src') && route.preferredSource !== wanted.preferredSource) return false
  return wanted.nextHops.every(({gateway, interface: device}) =>
    gateway === null && device === null
      ? true
      : route.nextHops.some(
          hop => (gateway === null || hop.gateway === gateway) && (device === null || hop.interface === device),
        ),
  )
}

function flushTable(state: NodeState, command: EditCommand, family: Family): Edited {
  if (command.need('table') !== 'table') command.fail('table')
  const word = command.need('the table')
  command.end()
  const routes = state.routing[family].routes ?? []
  const kept = routes.filter(({table}) => String(table) !== word && tableName(table) !== word)
  if (kept.length === routes.length) command.refuse('the node has no route in that table.')
  const gone = routes.length - kept.length
  return {state: withRouting(state, family, {routes: kept}), effect: `deleted ${gone} routes`}
}
