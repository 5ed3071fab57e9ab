import type {NodeState, Route, RoutingState} from '../../model/index.js'
import type {EditCommand, Edited} from '../command.js'
import {connectedLine} from './connectedLine.js'
import {findLink} from './devices.js'
import {kernelRoute} from './kernelRoute.js'

/** `ip link set [dev] NAME up|down` */
export function editLink(state: NodeState, command: EditCommand): Edited {
  if (command.need('set') !== 'set') command.fail('set')
  command.skip('dev')
  const name = command.need('an interface')
  const word = command.need('up or down')
  if (word !== 'up' && word !== 'down') command.fail('up or down')
  command.end()
  const link = findLink(state, command, name)
  if (link === null) command.refuse('the capture has no `ip link`: whether the interface is up is not known.')
  if (link.flags.has('UP') === (word === 'up')) command.refuse(`the interface ${link.name} is ${word} already.`)
  const flags = new Set(link.flags)
  for (const flag of ['UP', 'LOWER_UP']) {
    if (word === 'up') flags.add(flag)
    else flags.delete(flag)
  }
  const changed = {...link, flags, source: command.source, text: command.text}
  const links = (state.links ?? []).map(each => (each === link ? changed : each))
  const routing = {
    4: word === 'up' ? connect(state, link.name, command) : disconnect(state.routing[4], link.name),
    6: word === 'up' ? state.routing[6] : disconnect(state.routing[6], link.name),
  }
  const gone = ([4, 6] as const)
    .map(family => (state.routing[family].routes?.length ?? 0) - (routing[family].routes?.length ?? 0))
    .reduce((sum, count) => sum + count, 0)
  const effect = word === 'up' ? 'its connected routes come back, no others' : `${gone} routes go with it`
  return {state: {...state, links, routing}, effect}
}

/** fib_sync_down_dev: all routes by the device go, but those to the node's own addresses. */
function disconnect(routing: RoutingState, device: string): RoutingState {
  if (routing.routes === null) return routing
  const routes = routing.routes.flatMap((route): Route[] => {
    if (route.type === 'local') return [route]
    const nextHops = route.nextHops.filter(hop => hop.interface !== device)
    if (nextHops.length === route.nextHops.length) return [route]
    return nextHops.length === 0 ? [] : [{...route, nextHops}]
  })
  return {...routing, routes}
}

/** fib_add_ifaddr: the subnets of the interface's addresses. */
function connect({routing, addresses}: NodeState, device: string, {source}: EditCommand): RoutingState {
  const known = routing[4]
  if (known.routes === null) return known
  const connected = (addresses ?? [])
    .filter(({interface: name, family, prefixLength}) => name === device && family === 4 && prefixLength < 32)
    .map(entry => kernelRoute(connectedLine(entry), 4, source))
  return {...known, routes: [...known.routes, ...connected]}
}
