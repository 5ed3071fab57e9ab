import type {EksNode} from '../../eks/index.js'
import {type Route, TABLE_MAIN, tableName} from '../../model/index.js'
import {contains, formatAddress, formatPrefix} from '../../net/index.js'
import type {AuditedNode, Check, Fault} from '../check.js'

export const gatewayOutside: Check = {
  code: 'EKS502',
  severity: 'info',
  title: 'The gateway of an ENI is not in the subnet of its addresses',
  meaning:
    'All addresses of an ENI are of one subnet, and the gateway of its table is the first address of that subnet. Where the addresses are in the subnet of the ' +
    'primary ENI and the gateway is not, one of the two was changed by hand, or the capture was put together from several nodes.',
  signature:
    'The addresses that ipamd lists for a secondary ENI are in a subnet that main has on the link, and the gateway of its table is not. Needs `ip route` and `/v1/enis`.',
  remedy: 'Compare with the subnet of the ENI (`aws ec2 describe-network-interfaces`).',
  reference: null,
  find: findOutside,
}

function* findOutside({eks}: AuditedNode): Generator<Fault> {
  const subnets = connectedSubnets(eks)
  for (const {id, ipamd, table, role, interface: device} of eks.enis) {
    const route = eks.routing.defaultRoutes.get(table?.value ?? TABLE_MAIN)?.[0]
    const gateway = route?.nextHops[0]?.gateway
    const [address] = ipamd?.addresses ?? []
    if (role === 'primary' || table === null || route === undefined || gateway == null || address === undefined)
      continue
    const subnet = subnets.find(({destination}) => contains(destination, address.address))
    if (subnet === undefined || contains(subnet.destination, gateway)) continue
    const within = `${formatAddress(address.address)} and the others are in ${formatPrefix(subnet.destination)}`
    yield {
      text: `The gateway of table ${tableName(table.value)} (${device?.value ?? '?'}) is ${formatAddress(gateway)}, while the addresses of ${id ?? 'the ENI'} are elsewhere: ${within}.`,
      evidence: [route, address, subnet],
      repair: [],
    }
  }
}

function connectedSubnets({state}: EksNode): Route[] {
  return (state.routing[4].routes ?? []).filter(
    ({table, type, protocol, nextHops, destination}) =>
      table === TABLE_MAIN &&
      type === 'unicast' &&
      protocol === 'kernel' &&
      nextHops[0]?.gateway === null &&
      destination.length < 32,
  )
}
