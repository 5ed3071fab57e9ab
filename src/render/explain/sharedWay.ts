import type {JsonOutcome} from '../../model/index.js'
import type {Verdict} from './verdict.js'

/**
 * Where several outcomes leave by one interface, that it is the same in every case: somebody who asks where a packet leaves need not read on. An outcome that is
 * undetermined counts by the route it had by then. Null: they differ, there is but one, or all are undetermined.
 */
export function describeSharedWay(outcomes: readonly JsonOutcome[]): Verdict | null {
  const known = outcomes.filter(({disposition}) => disposition === 'forwarded')
  const device = known[0]?.egress?.interface
  if (device === undefined || outcomes.length < 2 || outcomes.some(outcome => interfaceOf(outcome) !== device))
    return null
  const open = known.length < outcomes.length
  return {
    word: 'EGRESS',
    tone: open ? 'unsure' : 'pass',
    facts: open
      ? [
          [`leaves by ${device} in every case, as far as the capture shows`],
          ['what is undetermined was routed there too: only what the capture lacks could stop it, or change its way'],
        ]
      : [[`leaves by ${device} in every case`]],
    proof: null,
  }
}

/** By which it leaves, or would by the route that was chosen last, as its line says; null: none, or several. */
function interfaceOf({disposition, egress, steps}: JsonOutcome): string | null {
  if (disposition === 'forwarded') return egress?.interface ?? null
  if (disposition !== 'undetermined') return null
  const route = steps?.findLast(({kind}) => kind === 'route')
  if (route === undefined || route.target !== 'unicast') return null
  const devices = new Set([...route.text.matchAll(/ dev (\S+)/g)].map(([, device]) => device as string))
  const [device = null] = devices
  return devices.size === 1 ? device : null
}
