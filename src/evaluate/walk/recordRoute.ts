import {type JsonStep, type PolicyRule, tableName} from '../../model/index.js'
import {describeHop} from './describe.js'
import type {RouteFailure, RouteResult} from './lookup.js'
import type {Walk} from './walk.js'

/** Writes the policy rule and the route of a decision. */
export function recordRoute(walk: Walk, stage: string, result: RouteResult | RouteFailure): void {
  if (!walk.tracing) return
  for (const {rule, why, near} of result.passed ?? []) {
    walk.step('rule-miss', stage, actionText(rule), rule, why)
    if (near) (walk.trail.steps.at(-1) as JsonStep).near = true
  }
  if (result.rule === null) {
    walk.step('ip-rule', stage, null, null, 'no policy rule leads to a route')
    return
  }
  const {rule} = result
  walk.step('ip-rule', stage, actionText(rule), rule, '')
  if (result.route === null) return
  if (result.kind === 'error') walk.step('route', stage, result.error, result.route, '')
  else walk.step('route', stage, result.type, result.route, result.hops.map(describeHop).join(', '))
}

function actionText({action}: PolicyRule): string {
  return action.kind === 'lookup' ? `lookup ${tableName(action.table)}` : action.kind
}
