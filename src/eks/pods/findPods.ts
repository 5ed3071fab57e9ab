import {type IpamdAddress, type NodeState, type PodName, type PolicyRule, TABLE_MAIN} from '../../model/index.js'
import type {Address} from '../../net/index.js'
import {type Claim, proven, supposed} from '../claim.js'
import {interfaceOf, type RoutingIndex, tableOf} from '../routingIndex.js'
import type {Pod} from './pod.js'
import {BRANCH_VETH_PREFIX, isVethName, VETH_PREFIX, vethName} from './vethName.js'

interface Record {
  readonly name: Claim<PodName> | null
  readonly containerId: string | null
}

/**
 * The pods of a node: all addresses that ipamd gave away and all that a route leads to by a veth of the CNI, in order of address.
 *
 * Names come from the checkpoint, then from the ENIs, then from `/v1/pods`. Pods with security groups of their own are not ipamd's, so
 * that routes alone speak of them.
 */
export function findPods(state: NodeState, routing: RoutingIndex): Pod[] {
  const records = namesOf(state)
  const holdings = holdingsOf(state)
  const prefix = vethPrefixOf(state)
  const addresses = new Set([...records.keys(), ...holdings.keys()])
  for (const [address, routes] of routing.hostRoutes) {
    if (routes.some(route => isVethName(interfaceOf(route) ?? '', prefix))) addresses.add(address)
  }
  const known = interfaceNames(state, routing)
  return [...addresses]
    .sort(compareAddresses)
    .map(address => makePod(address, records.get(address), holdings.get(address) ?? [], state, routing, known))
}

/** AWS_VPC_K8S_CNI_VETHPREFIX as ipamd tells it. */
export function vethPrefixOf(state: NodeState): string {
  return state.ipamd?.environment.get('AWS_VPC_K8S_CNI_VETHPREFIX')?.value || VETH_PREFIX
}

function makePod(
  address: Address,
  record: Record | undefined,
  holdings: Pod['holdings'],
  state: NodeState,
  routing: RoutingIndex,
  known: ReadonlySet<string>,
): Pod {
  const routes = routing.hostRoutes.get(address) ?? []
  const fromRules = routing.fromRules.get(address) ?? []
  const name = record?.name ?? null
  const hostInterface = findVeth(routes, name, vethPrefixOf(state), known)
  return {
    address,
    name,
    containerId: record?.containerId ?? null,
    hostInterface,
    routes,
    toRules: routing.toRules.get(address) ?? [],
    fromRules,
    table: findTable(fromRules, routing.inRules.get(hostInterface?.value ?? '') ?? [], state, address),
    holdings,
  }
}

function findVeth(
  routes: Pod['routes'],
  name: Claim<PodName> | null,
  prefix: string,
  known: ReadonlySet<string>,
): Claim<string> | null {
  const [route] = routes
  const device = route && interfaceOf(route)
  if (route && device != null) return proven(device, 'the route to its address', [route])
  if (name === null) return null
  const computed = [prefix, BRANCH_VETH_PREFIX].map(start => vethName(name.value, start)).find(veth => known.has(veth))
  return computed === undefined ? null : supposed(computed, 'the name the CNI gives to its veth', name.evidence)
}

function findTable(
  fromRules: readonly PolicyRule[],
  inRules: readonly PolicyRule[],
  state: NodeState,
  address: Address,
): Pod['table'] {
  const rule = inRules[0] ?? fromRules[0]
  const table = rule && tableOf(rule)
  if (rule && table != null) return proven(table, 'its own rule', [rule])
  const {rules} = state.routing[typeof address === 'number' ? 4 : 6]
  const main = rules?.find(({action, from}) => action.kind === 'lookup' && action.table === TABLE_MAIN && from === null)
  return main === undefined ? null : proven(TABLE_MAIN, 'no rule of its own', [main])
}

function namesOf(state: NodeState): Map<Address, Record> {
  const records = new Map<Address, Record>()
  const add = (address: Address, record: Record): void => {
    const before = records.get(address)
    records.set(address, {
      name: before?.name ?? record.name,
      containerId: before?.containerId ?? record.containerId,
    })
  }
  const {checkpoint, enis, pods} = state.ipamd ?? {}
  for (const pod of checkpoint ?? []) add(pod.address, recordOf(pod, "ipamd's checkpoint"))
  for (const address of enis?.flatMap(eni => eni.addresses) ?? []) {
    if (address.assigned) add(address.address, recordOf(address, "ipamd's list of ENIs"))
  }
  for (const pod of pods ?? []) add(pod.address, recordOf(pod, "ipamd's list of pods"))
  return records
}

function recordOf(entry: Pick<IpamdAddress, 'pod' | 'containerId' | 'source' | 'text'>, basis: string): Record {
  return {name: entry.pod && proven(entry.pod, basis, [entry]), containerId: entry.containerId}
}

function holdingsOf(state: NodeState): Map<Address, {eniId: string; address: IpamdAddress}[]> {
  const holdings = new Map<Address, {eniId: string; address: IpamdAddress}[]>()
  for (const eni of state.ipamd?.enis ?? []) {
    for (const address of eni.addresses.filter(({assigned}) => assigned)) {
      holdings.set(address.address, [...(holdings.get(address.address) ?? []), {eniId: eni.id, address}])
    }
  }
  return holdings
}

function interfaceNames(state: NodeState, routing: RoutingIndex): Set<string> {
  return new Set([...(state.links ?? []).map(({name}) => name), ...routing.inRules.keys()])
}

/** IPv4 before IPv6, then by value. */
export function compareAddresses(a: Address, b: Address): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}
