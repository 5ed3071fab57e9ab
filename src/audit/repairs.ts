import type {Evidence, TableName} from '../model/index.js'

/** A CNI that starts anew writes its rules and routes anew. */
export const RESTART_CNI = 'kubectl -n kube-system delete pod AWS_NODE_POD_OF_THIS_NODE'

/** The command that deletes a rule as iptables-save shows it, counters or not. */
export function deleteRule(table: TableName, {text}: Evidence): string {
  return `iptables -t ${table} ${text.trim().replace(/^(\[\S+\] )?-A /, '-D ')}`
}
