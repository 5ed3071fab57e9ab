import type {EksNode} from '../eks/index.js'
import {type PolicyRule, TABLE_LOCAL} from '../model/index.js'

/** How far the rules for pods with security groups of their own come before the local table, which makes them strict. */
export interface StrictBranches {
  /** `20: from all lookup local` */
  readonly local: PolicyRule
  /** `10: from all iif vlan… lookup 101`, of interfaces that exist. */
  readonly rules: readonly PolicyRule[]
}

/** Null where no such pod is on the node, or the local table comes first as usual. */
export function readStrictBranches(eks: EksNode): StrictBranches | null {
  const all = eks.state.routing[4].rules ?? []
  const local = all.find(({action, from}) => action.kind === 'lookup' && action.table === TABLE_LOCAL && from === null)
  const rules = [...eks.routing.inRules.values()]
    .flat()
    .filter(
      ({iif, family, priority}) => family === 4 && isLive(iif) && local !== undefined && priority < local.priority,
    )
  return local === undefined || rules.length === 0 ? null : {local, rules}
}

function isLive(iif: PolicyRule['iif']): boolean {
  return iif !== null && !iif.detached && iif.name.startsWith('vlan')
}
