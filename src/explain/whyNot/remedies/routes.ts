import {type Pod, vethOfPod} from '../../../eks/index.js'
import {type Route, TABLE_LOCAL, TABLE_MAIN, type TableId, tableName} from '../../../model/index.js'
import {type Address, contains, formatAddress, ipv4, makePrefix, type Prefix} from '../../../net/index.js'
import {type Case, endsOf, podOf, type Remedy} from '../case.js'
import {isBranchPod, nameOf, tableOfPod} from '../owner.js'

/** The routes that the CNI and the node itself keep: to each pod by its veth, and a default route in main and in the table of each ENI. */
export function* routes(c: Case): Generator<Remedy> {
  const {source, destination} = endsOf(c)
  const receiver = podOf(c.eks, destination)
  if (receiver !== null && !isBranchPod(c.eks, receiver)) yield* podRoute(c, receiver)
  const sender = podOf(c.eks, source)
  const table = sender === null ? null : tableOfPod(c.eks, sender)
  if (table !== null && table !== TABLE_MAIN) yield* defaultRoute(c, table)
  yield* defaultRoute(c, TABLE_MAIN)
}

function routesOf({state}: Case, table: TableId): readonly Route[] {
  return (state.routing[4].routes ?? []).filter(route => route.table === table)
}

function isListed({state}: Case, table: TableId): boolean {
  const {routes: all, listedTables} = state.routing[4]
  return all !== null && (listedTables === 'all' || listedTables.has(table))
}

function* podRoute(c: Case, pod: Pod): Generator<Remedy> {
  const {address} = pod
  const veth = vethOfPod(c.eks, pod)
  if (typeof address !== 'number' || veth === null || !isListed(c, TABLE_MAIN)) return
  const own = routesOf(c, TABLE_MAIN).filter(
    ({destination}) => destination.address === address && destination.length === 32,
  )
  if (own.some(({type, nextHops}) => type === 'unicast' && nextHops[0]?.interface === veth)) return
  const route = `${formatAddress(address)} dev ${veth} scope link`
  yield {
    stage: 'routing',
    text: `main has no route to ${nameOf(pod)} by ${veth}; the CNI writes one for every pod`,
    missing: [route],
    taken: own[0] ?? null,
    repair: [`ip route replace ${route}`],
  }
}

function* defaultRoute(c: Case, table: TableId): Generator<Remedy> {
  if (!isListed(c, table)) return
  const own = routesOf(c, table)
  if (own.some(({destination, type}) => destination.length === 0 && type === 'unicast')) return
  const uplink = uplinkOf(c, table, own)
  const where = table === TABLE_MAIN ? '' : ` table ${tableName(table)}`
  const text = `table ${tableName(table)} has no default route${table === TABLE_MAIN ? '' : ', so that what rules send there takes that of another table'}`
  if (uplink === null) {
    yield {stage: 'routing', text, missing: [`default via GATEWAY dev INTERFACE${where}`], taken: null, repair: []}
    return
  }
  const {gateway, device, onLink} = uplink
  const link = `${formatAddress(gateway)} dev ${device}${where} scope link`
  const route = `default via ${formatAddress(gateway)} dev ${device}${where}`
  yield {
    stage: 'routing',
    text,
    missing: [...(onLink ? [] : [link]), route],
    taken: own.find(({destination}) => destination.length === 0) ?? null,
    repair: [...(onLink ? [] : [`ip route add ${link}`]), `ip route add ${route}`],
  }
}

interface Uplink {
  readonly gateway: Address
  readonly device: string
  /** A route to the gateway is there. */
  readonly onLink: boolean
}

/** The gateway of an ENI: as a route of its table says, or else the first address of its subnet, which AWS keeps for it. */
function uplinkOf(c: Case, table: TableId, own: readonly Route[]): Uplink | null {
  for (const {destination, nextHops, type} of own) {
    const device = nextHops[0]?.interface
    if (type !== 'unicast' || device == null || nextHops[0]?.gateway !== null) continue
    if (destination.length === 32 && table !== TABLE_MAIN) return {gateway: destination.address, device, onLink: true}
  }
  const device = deviceOf(c, table, own)
  const subnet = device === null ? null : subnetOf(c, device)
  if (device === null || subnet === null) return null
  const gateway = ipv4((subnet.address as number) + 1)
  const onLink = own.some(
    ({destination, nextHops}) =>
      contains(destination, gateway) && nextHops[0]?.interface === device && nextHops[0].gateway === null,
  )
  return {gateway, device, onLink}
}

/** Of main the first interface with a subnet; of an ENI's table the one with the address that a rule sends there. */
function deviceOf({eks, state}: Case, table: TableId, own: readonly Route[]): string | null {
  if (table === TABLE_MAIN) {
    const connected = own.find(
      ({protocol, destination, nextHops}) =>
        protocol === 'kernel' && destination.length < 32 && !/^(docker|cni|br-)/.test(nextHops[0]?.interface ?? ''),
    )
    return connected?.nextHops[0]?.interface ?? null
  }
  const named = own.flatMap(({nextHops}) => nextHops.map(hop => hop.interface)).find(name => name !== null)
  if (named != null) return named
  for (const {action, from} of state.routing[4].rules ?? []) {
    if (action.kind !== 'lookup' || action.table !== table || from === null) continue
    const owner = eks.routing.ownAddresses.get(from.address)
    if (owner !== undefined) return owner.interface
  }
  return null
}

/** Of an interface: as its address says, or its connected route, or the subnet of another interface that holds its address too. */
function subnetOf({eks, state}: Case, device: string): Prefix | null {
  const address = state.addresses?.find(own => own.interface === device && own.family === 4 && own.prefixLength < 32)
  if (address !== undefined) return makePrefix(address.address, address.prefixLength)
  const connected = (state.routing[4].routes ?? []).filter(
    ({protocol, destination, table}) =>
      table !== TABLE_LOCAL && protocol === 'kernel' && destination.length < 32 && destination.length > 0,
  )
  const own = [...eks.routing.ownAddresses].flatMap(([held, by]) => (by.interface === device ? [held] : []))
  const found =
    connected.find(({nextHops}) => nextHops[0]?.interface === device) ??
    connected.find(({destination}) => own.some(held => typeof held === 'number' && contains(destination, held)))
  return found?.destination ?? null
}
