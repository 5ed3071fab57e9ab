import {type IpamdEni, TABLE_LOCAL, TABLE_MAIN, type TableId} from '../../model/index.js'
import {type Claim, proven, supposed} from '../claim.js'
import {type RoutingIndex, tableOf} from '../routingIndex.js'

/**
 * The routing table of an ENI's pods, as far as the capture says it: from ipamd (≥ v1.20.3), else from the rules of the pods themselves.
 * Null where neither does; see `supposeTables`.
 */
export function findTable(eni: IpamdEni, routing: RoutingIndex): Claim<TableId> | null {
  if (eni.primary) return proven(TABLE_MAIN, 'the primary ENI uses main', [eni])
  // ipamd writes 254 for main, and 0 before it has configured the ENI
  if (eni.routeTable !== null && eni.routeTable !== 0) return proven(eni.routeTable, "ipamd's RouteTableID", [eni])
  return tableOfPods(eni, routing)
}

/** One table for all of them, or none: a rule that an earlier owner of an address left behind makes them differ. */
function tableOfPods(eni: IpamdEni, routing: RoutingIndex): Claim<TableId> | null {
  const rules = eni.addresses
    .filter(({assigned}) => assigned)
    .flatMap(({address}) => routing.fromRules.get(address)?.slice(0, 1) ?? [])
  const counts = new Map<TableId, number>()
  for (const rule of rules) {
    const table = tableOf(rule)
    if (table !== null && table !== TABLE_MAIN && table !== TABLE_LOCAL) counts.set(table, (counts.get(table) ?? 0) + 1)
  }
  for (const [table, count] of counts) {
    if (count * 2 <= rules.length) continue
    const evidence = rules.filter(rule => tableOf(rule) === table)
    return count === rules.length
      ? proven(table, 'the rules of its pods', evidence)
      : supposed(table, 'the rules of most of its pods', evidence)
  }
  return null
}

/**
 * Tables by the CNI's formula for the ENIs that have no better: device number + 1 on network card 0.
 * Early versions counted otherwise, so that a node whose pods contradict the formula is left without; so is a table that another ENI has,
 * or that has no default route.
 */
export function supposeTables(
  enis: readonly IpamdEni[],
  known: ReadonlyMap<IpamdEni, Claim<TableId>>,
  routing: RoutingIndex,
): Map<IpamdEni, Claim<TableId>> {
  const byFormula = (eni: IpamdEni): number => eni.deviceNumber + 1
  const supposed_ = new Map<IpamdEni, Claim<TableId>>()
  const cardZero = enis.filter(eni => eni.networkCard === 0 && !eni.primary)
  if (cardZero.some(eni => (known.get(eni)?.value ?? byFormula(eni)) !== byFormula(eni))) return supposed_
  const taken = new Set([...known.values()].map(({value}) => value))
  for (const eni of cardZero) {
    const table = byFormula(eni)
    const route = routing.defaultRoutes.get(table)?.[0]
    if (known.has(eni) || taken.has(table) || route === undefined) continue
    supposed_.set(eni, supposed(table, "the CNI's formula, device number + 1", [eni, route]))
  }
  return supposed_
}
