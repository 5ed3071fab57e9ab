import {type Eni, type Pod, podText} from '../eks/index.js'
import {tableName} from '../model/index.js'
import {formatAddress} from '../net/index.js'

/** How many names a sentence lists before it counts the rest. */
const MOST = 3

/** `default/web-0 and default/web-1 have`, `a, b, c and 5 more pods have`, `default/web-0 has`. */
export function podsHave(pods: readonly Pod[]): string {
  return `${listPods(pods)} ${pods.length === 1 ? 'has' : 'have'}`
}

/** Names, of pods without one the address. */
export function listPods(pods: readonly Pod[]): string {
  return listWords(pods.map(pod => podText(pod) ?? `the pod at ${formatAddress(pod.address)}`))
}

/** `a`, `a and b`, `a, b, c and 5 more`. */
export function listWords(words: readonly string[]): string {
  const shown = words.slice(0, words.length === MOST + 1 ? MOST + 1 : MOST)
  const rest = words.length - shown.length
  const last = rest > 0 ? `${rest} more` : (shown.pop() ?? '')
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`
}

/** `eni-08f8… (eth1, table 2)`. */
export function eniText(eni: Eni): string {
  const about = [eni.interface?.value, eni.table === null ? null : `table ${tableName(eni.table.value)}`]
  const known = about.filter(word => word != null).join(', ')
  return `${eni.id ?? `the ${eni.role} ENI`}${known === '' ? '' : ` (${known})`}`
}
