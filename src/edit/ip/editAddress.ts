import {type InterfaceAddress, type NodeState, type Route, TABLE_LOCAL, TABLE_MAIN} from '../../model/index.js'
import {addressBits, familyOf, formatAddress, isLinkLocal, parseAddress, samePrefix} from '../../net/index.js'
import type {EditCommand, Edited} from '../command.js'
import {connectedLine} from './connectedLine.js'
import {findLink} from './devices.js'
import {complete} from './editIp.js'
import {kernelRoute} from './kernelRoute.js'
import {withRouting} from './withRouting.js'

/** `ip addr add ADDRESS/LENGTH dev NAME`, `ip addr del …`, with the local and the connected route that go with it. */
export function editAddress(state: NodeState, command: EditCommand): Edited {
  const action = complete(command, ['add', 'delete'], 'add or del')
  const {addresses} = state
  if (addresses === null) command.refuse('the capture has no `ip addr`: which addresses the node has is not known.')
  const entry = readEntry(state, command)
  const at = addresses.findIndex(
    ({interface: name, address, prefixLength}) =>
      name === entry.interface &&
      address === entry.address &&
      (action === 'add' || prefixLength === entry.prefixLength),
  )
  if (action === 'add') {
    if (at >= 0) command.refuse(`${entry.interface} has that address already.`)
    return {state: {...addRoutes(state, command, entry), addresses: [...addresses, entry]}, effect: 'added'}
  }
  if (at < 0) command.refuse(`${entry.interface} has no such address.`)
  return {state: {...removeRoutes(state, entry), addresses: addresses.toSpliced(at, 1)}, effect: 'deleted'}
}

function readEntry(state: NodeState, command: EditCommand): InterfaceAddress {
  const [host = '', length] = command.need('an address').split('/')
  const address = parseAddress(host) ?? command.fail('an address, such as 10.0.0.2/24')
  const family = familyOf(address)
  const prefixLength = length === undefined ? addressBits(family) : Number(length)
  if (!(prefixLength >= 0 && prefixLength <= addressBits(family))) command.fail('a prefix length')
  while (command.peek() !== 'dev' && command.peek() !== undefined) command.take() // brd +, scope, label
  if (command.need('dev') !== 'dev') command.fail('dev')
  const name = command.need('an interface')
  command.rest()
  return {
    family,
    interface: findLink(state, command, name)?.name ?? name,
    address,
    prefixLength,
    peer: null,
    broadcast: null,
    scope: isLinkLocal(address) ? 'link' : 'global',
    secondary: false,
    deprecated: false,
    tentative: false,
    source: command.source,
    text: `${family === 6 ? 'inet6' : 'inet'} ${formatAddress(address)}/${prefixLength} dev ${name}`,
  }
}

function addRoutes(state: NodeState, {source}: EditCommand, entry: InterfaceAddress): NodeState {
  const {family, address, interface: device, prefixLength} = entry
  const {routes, localTableListed} = state.routing[family]
  if (routes === null) return state
  const text = formatAddress(address)
  const local = `local ${text} dev ${device} table local proto kernel ${family === 6 ? 'metric 0' : `scope host src ${text}`}`
  const added = [
    ...(localTableListed ? [kernelRoute(local, family, source)] : []),
    ...(prefixLength === addressBits(family) ? [] : [kernelRoute(connectedLine(entry), family, source)]),
  ]
  return withRouting(state, family, {routes: [...routes, ...added]})
}

function removeRoutes(state: NodeState, {family, address, interface: device}: InterfaceAddress): NodeState {
  const {routes} = state.routing[family]
  if (routes === null) return state
  const isOwn = (route: Route): boolean =>
    route.nextHops.some(hop => hop.interface === device) &&
    ((route.table === TABLE_LOCAL && samePrefix(route.destination, hostOf(route, address))) ||
      (route.table === TABLE_MAIN && route.preferredSource === address))
  return withRouting(state, family, {routes: routes.filter(route => !isOwn(route))})
}

/** The prefix of one address; another where the route is to no single address. */
function hostOf({destination}: Route, address: InterfaceAddress['address']): Route['destination'] {
  return {...destination, address, length: addressBits(familyOf(address))}
}
