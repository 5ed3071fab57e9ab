import type {Link, NodeState, TableId} from '../../model/index.js'
import {type Claim, proven, supposed} from '../claim.js'
import {interfaceOf, type RoutingIndex, tableOf} from '../routingIndex.js'
import type {Eni} from './eni.js'

/** `vlan.eth.7`: the VLAN device of a branch ENI, as the CNI names it. */
const VLAN_DEVICE = /^vlan\.eth\.(\d{1,4})$/

export interface Branches {
  readonly enis: readonly Eni[]
  /** The interface that carries the VLANs. */
  readonly trunk: Claim<string> | null
}

/** Branch ENIs, by the VLAN devices that links, rules or routes name. ipamd does not know them. */
export function findBranches(state: NodeState, routing: RoutingIndex): Branches {
  const links = new Map((state.links ?? []).map(link => [link.name, link]))
  const names = new Set([...links.keys(), ...routing.inRules.keys()])
  for (const [route] of routing.defaultRoutes.values()) names.add(interfaceOf(route ?? null) ?? '')
  const enis: Eni[] = []
  for (const name of names) {
    const vlan = VLAN_DEVICE.exec(name)?.[1]
    if (vlan !== undefined) enis.push(makeBranch(name, Number(vlan), links.get(name), routing))
  }
  enis.sort((a, b) => (a.vlan ?? 0) - (b.vlan ?? 0))
  return {enis, trunk: findTrunk([...links.values()])}
}

function makeBranch(name: string, vlan: number, link: Link | undefined, routing: RoutingIndex): Eni {
  const table = branchTable(name, vlan, routing)
  const evidence = link === undefined ? (table?.evidence ?? []) : [link]
  const device = proven(name, 'its name', evidence)
  return {id: null, role: 'branch', ipamd: null, interface: device, table, vlan}
}

function branchTable(name: string, vlan: number, routing: RoutingIndex): Claim<TableId> | null {
  const rule = routing.inRules.get(name)?.[0]
  const table = rule && tableOf(rule)
  if (rule && table != null) return proven(table, 'the rule for what comes in by it', [rule])
  for (const [id, [route]] of routing.defaultRoutes) {
    if (route !== undefined && interfaceOf(route) === name) return proven(id, 'its default route', [route])
  }
  const route = routing.defaultRoutes.get(100 + vlan)?.[0]
  return route === undefined ? null : supposed(100 + vlan, "the CNI's formula, 100 + VLAN", [route])
}

function findTrunk(links: readonly Link[]): Claim<string> | null {
  const names = new Set(links.map(({name}) => name))
  // a lower device of another namespace prints as `if5`
  const branch = links.find(({name, parent}) => VLAN_DEVICE.test(name) && parent !== null && names.has(parent))
  return branch?.parent ? proven(branch.parent, `the lower device of ${branch.name}`, [branch]) : null
}
