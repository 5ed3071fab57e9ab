import type {Match} from '../../model/index.js'
import type {Walk} from '../walk/walk.js'
import type {MatchContext} from './compileMatch.js'
import type {Test} from './test.js'

/**
 * `-m recent`: a list of addresses by name that no capture holds. Whether the address is on it is open, until a --set of this very walk puts
 * it there or a --remove takes it off (recent_mt in net/netfilter/xt_recent.c).
 */
export function compileRecent(match: Extract<Match, {kind: 'recent'}>, context: MatchContext): Test {
  const {operation, negated} = match
  const listed = `recent ${match.name} ${match.side}`
  if (operation === 'set') {
    // has an effect of its own, so it is left to `resolve`, which is asked in the order of the rule
    return {
      evaluate: () => 2,
      resolve: walk => {
        walk.forget(listed)
        walk.learn(listed, true)
        return !negated
      },
    }
  }
  const narrow = match.seconds !== null || match.hitcount !== null || match.rttl
  const key =
    match.hitcount === null && !match.rttl
      ? listed
      : `${listed} ${match.seconds ?? ''} ${match.hitcount ?? ''} ${context.key()}`
  const text =
    `the ${match.side} address is on the list \`${match.name}\` of -m recent` +
    (match.seconds === null ? '' : ` (seen in the last ${match.seconds} s)`) +
    (match.hitcount === null ? '' : ` (at least ${match.hitcount} times)`)
  const answer = (walk: Walk): boolean | null => {
    const known = walk.known(key)
    if (known !== null) return known
    return narrow && walk.known(listed) === false ? false : null
  }
  return {
    evaluate: walk => {
      const known = answer(walk)
      if (known === null || (known && operation === 'remove')) return 2
      return known !== negated ? 1 : 0
    },
    resolve: walk => {
      const hit = answer(walk) ?? walk.decide(key, text)
      if (hit) walk.learn(listed, operation !== 'remove')
      return hit !== negated
    },
  }
}
