import type {JsonRuleRow, NodeState, PolicyRule} from '../model/index.js'
import {tableName} from '../model/index.js'

/** The routing policy database, in the order in which the kernel asks. Null: not in the capture. */
export function listRules(node: NodeState): JsonRuleRow[] | null {
  if (node.routing[4].rules === null && node.routing[6].rules === null) return null
  return [...(node.routing[4].rules ?? []), ...(node.routing[6].rules ?? [])].map(rule => ({
    family: rule.family,
    priority: rule.priority,
    selector: selectorOf(rule),
    action: actionOf(rule),
    source: rule.source,
  }))
}

/** The line between its priority and its action, which the text always ends with or is followed by options of. */
function selectorOf({text}: PolicyRule): string {
  const words = text.replace(/^\s*\d+:\s*/, '').trim()
  return words.replace(/\s+(?:lookup|goto|nop|blackhole|unreachable|prohibit)\b.*$/, '').trim()
}

function actionOf({action, suppressPrefixLength, suppressGroup}: PolicyRule): string {
  const options = [
    suppressPrefixLength === null ? '' : ` suppress_prefixlength ${suppressPrefixLength}`,
    suppressGroup === null ? '' : ` suppress_ifgroup ${suppressGroup}`,
  ].join('')
  switch (action.kind) {
    case 'lookup':
      return `lookup ${tableName(action.table)}${options}`
    case 'l3mdev':
      return `lookup [l3mdev-table]${options}`
    case 'goto':
      return `goto ${action.priority}${action.unresolved ? ' (unresolved)' : ''}`
    default:
      return action.kind
  }
}
