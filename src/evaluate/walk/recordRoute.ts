import {tableName} from '../../model/index.js'
import {describeHop} from './describe.js'
import type {RouteFailure, RouteResult} from './lookup.js'
import type {Walk} from './walk.js'

/** Writes the policy rule and the route of a decision. */
export function recordRoute(walk: Walk, stage: string, result: RouteResult | RouteFailure): void {
  if (!walk.tracing) return
  if (result.rule === null) {
    walk.step('ip-rule', stage, null, null, 'no policy rule leads to a route')
    return
  }
  const {rule} = result
  const target = rule.action.kind === 'lookup' ? `lookup ${tableName(rule.action.table)}` : rule.action.kind
  walk.step('ip-rule', stage, target, rule, '')
  if (result.route === null) return
  if (result.kind === 'error') walk.step('route', stage, result.error, result.route, '')
  else walk.step('route', stage, result.type, result.route, result.hops.map(describeHop).join(', '))
}
