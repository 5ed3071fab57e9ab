import type {KernelFlow} from './nodeSpec.js'
import type {Lab} from './lab.js'
import type {MeasuredOutcome} from './outcome.js'

/** Every different thing the kernel did with a flow in so many tries. */
export interface Measured {
  readonly flow: KernelFlow
  readonly tries: number
  readonly outcomes: readonly MeasuredOutcome[]
}

const TRIES = 16

/** Sends a flow once, or sixteen times where chance has a say on its way. */
export async function measureFlow(lab: Lab, flow: KernelFlow): Promise<Measured> {
  const first = await lab.once(flow)
  const outcomes = new Map([[identity(flow, first), first]])
  const tries = lab.leavesToChance(flow, first) ? TRIES : 1
  for (let i = 1; i < tries; i++) {
    // the hash that picks a next hop is keyed with it
    await lab.sysctl('net.ipv4.fib_multipath_hash_seed', String(i * 7919))
    const outcome = await lab.once(flow)
    outcomes.set(identity(flow, outcome), outcome)
  }
  return {flow, tries, outcomes: [...outcomes.values()]}
}

/** Measures that a second look takes. */
const SECOND_LOOK = 3

/**
 * Measures again what seems to disagree: on a busy machine something else may have met the packet. What only one of all the measures
 * showed is left out, unless no two of them are alike.
 */
export async function measureAgain(lab: Lab, first: Measured): Promise<Measured> {
  const {flow} = first
  const measures = [first]
  for (let i = 0; i < SECOND_LOOK; i++) measures.push(await measureFlow(lab, flow))
  const sightings = new Map<string, MeasuredOutcome[]>()
  for (const outcome of measures.flatMap(({outcomes}) => outcomes)) {
    const key = identity(flow, outcome)
    sightings.set(key, [...(sightings.get(key) ?? []), outcome])
  }
  const seen = [...sightings.values()]
  const repeated = seen.filter(({length}) => length > 1)
  const outcomes = (repeated.length > 0 ? repeated : seen).flatMap(alike => alike.slice(-1))
  return {flow, tries: measures.reduce((sum, {tries}) => sum + tries, 0), outcomes}
}

/** A source port that NAT changed may be another one each time. */
function identity(flow: KernelFlow, outcome: MeasuredOutcome): string {
  const {dispositions, packet, mark, egress, mac, rules, reply} = outcome
  const sport = packet?.sport === flow.sport ? 'kept' : 'changed'
  const own = [dispositions, packet?.source, packet?.destination, packet?.dport, sport, mark, egress, mac, rules]
  return JSON.stringify([own, reply === null ? null : identity(flow, reply)])
}
