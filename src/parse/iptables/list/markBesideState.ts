import type {Match} from '../../../model/index.js'

/**
 * Tells which conditions of conntrack stand beside a state. A listing does not say where one `-m conntrack` ends and the next begins, only that
 * the state is the first in each: what follows it directly is taken to be of the same.
 */
export function markBesideState(matches: readonly Match[]): readonly Match[] {
  let besideState = false
  return matches.map(match => {
    if (!('besideState' in match)) {
      besideState = match.kind === 'ct-state' && match.module === 'conntrack'
      return match
    }
    return besideState ? {...match, besideState} : match
  })
}
