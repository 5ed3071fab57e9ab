import type {Case, Remedy} from '../case.js'
import {culprits} from './culprits.js'
import {marks} from './marks.js'
import {native} from './native.js'
import {policyRules} from './policyRules.js'
import {routes} from './routes.js'
import {services} from './services.js'
import {settings} from './settings.js'
import {translation} from './translation.js'

export {ownerOf} from './culprits.js'

/** Stages of a walk in the order of the kernel. */
const ORDER = [
  'raw/PREROUTING',
  'mangle/PREROUTING',
  'nat/PREROUTING',
  'nat/OUTPUT',
  'routing',
  'source-validation',
  'mangle/FORWARD',
  'filter/INPUT',
  'filter/FORWARD',
  'filter/OUTPUT',
  'nat/POSTROUTING',
]

/**
 * All that is on the way of a flow and not as on a healthy VPC CNI node, in the order in which a packet would meet it; what the CNI and
 * kube-proxy keep before what others brought.
 */
export function findRemedies(c: Case): Remedy[] {
  const found = [policyRules, routes, marks, translation, services, native, settings, culprits].flatMap(find => [
    ...find(c),
  ])
  return inOrder(found)
}

/** As a packet meets them; of one stage as they are given. */
export function inOrder(remedies: readonly Remedy[]): Remedy[] {
  const rank = ({stage}: Remedy): number => {
    const own = ORDER.indexOf(stage)
    // tables of nftables have names of their own: they come where iptables has the same hook
    const near = own < 0 ? ORDER.findLastIndex(each => each.endsWith(stage.slice(stage.indexOf('/')))) : own
    return near < 0 ? ORDER.length : near
  }
  return [...remedies].sort((a, b) => rank(a) - rank(b))
}
