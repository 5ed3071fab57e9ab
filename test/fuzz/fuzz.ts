import {Dice} from '../kernel/random/dice.js'
import {mutate} from './mutate.js'
import type {Target} from './targets.js'

/** Reading that takes longer counts as a hang. In milliseconds of this process's own time: other work on the machine does not count. */
const HANG = 1000

/** An answer about what was read may take longer: damaged rules are walked through in up to 4096 ways. In milliseconds, as above. */
const SLOW_ANSWER = 30_000

export interface FuzzFailure {
  /** Number of the input, from 0: with the seed it makes the same input again. */
  readonly input: number
  readonly target: string
  readonly text: string
}

export interface FuzzReport {
  readonly inputs: number
  readonly failures: readonly FuzzFailure[]
  /** Milliseconds by target, of reading alone. */
  readonly costs: ReadonlyMap<string, number>
  readonly slowest: {readonly input: number; readonly target: string; readonly milliseconds: number}
  readonly slowestAnswer: {readonly input: number; readonly milliseconds: number}
}

export interface FuzzOptions {
  readonly targets: readonly Target[]
  readonly seed: number
  /** Number of the first input. */
  readonly first?: number
  readonly inputs: number
  /** Called before each input, with the name of its target. */
  readonly onInput?: (input: number, target: string) => void
}

/** Feeds damaged documents to the targets. Deterministic, but for the times. Stops at the 20th failure. */
export async function fuzz({targets, seed, first = 0, inputs, onInput}: FuzzOptions): Promise<FuzzReport> {
  const failures: FuzzFailure[] = []
  const costs = new Map<string, number>()
  let slowest: FuzzReport['slowest'] = {input: first, target: '', milliseconds: 0}
  let slowestAnswer: FuzzReport['slowestAnswer'] = {input: first, milliseconds: 0}
  let input = first
  for (; input < first + inputs && failures.length < 20; input++) {
    const {target, bytes} = makeInput(targets, seed, input)
    onInput?.(input, target.name)
    const {read, failure: failed, milliseconds} = await measure(() => target.feed(bytes))
    const answer = read === undefined ? null : await measure(() => target.use?.(read))
    const failure = failed ?? answer?.failure ?? null
    if (failure !== null) failures.push({input, target: target.name, text: failure})
    if (milliseconds > HANG) {
      const again = await fastest(target, bytes)
      if (again > HANG) failures.push({input, target: target.name, text: `took ${Math.round(again)} ms`})
    }
    if (answer !== null && answer.milliseconds > slowestAnswer.milliseconds) {
      slowestAnswer = {input, milliseconds: answer.milliseconds}
      if (answer.milliseconds > SLOW_ANSWER)
        failures.push({input, target: target.name, text: `its answer took ${Math.round(answer.milliseconds)} ms`})
    }
    costs.set(target.name, (costs.get(target.name) ?? 0) + milliseconds)
    if (milliseconds > slowest.milliseconds) slowest = {input, target: target.name, milliseconds}
  }
  return {inputs: input - first, failures, costs, slowest, slowestAnswer}
}

async function measure(work: () => unknown): Promise<Attempt & {readonly milliseconds: number}> {
  const began = process.cpuUsage()
  const attempted = await attempt(work)
  const {user, system} = process.cpuUsage(began)
  return {...attempted, milliseconds: (user + system) / 1000}
}

/** A collection of garbage, or a busy machine, makes one reading slow; a hang is slow each time. */
async function fastest(target: Target, bytes: Buffer): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < 3; i++) times.push((await measure(() => target.feed(bytes))).milliseconds)
  return Math.min(...times)
}

function makeInput(targets: readonly Target[], seed: number, input: number): {target: Target; bytes: Buffer} {
  const dice = new Dice(seed * 1_000_003 + input)
  const target = dice.weighted(targets.map(candidate => [candidate.weight, candidate]))
  const damaged = mutate(dice.pick(target.seeds), dice.pick(dice.pick(targets).seeds), dice)
  return {target, bytes: Buffer.from(target.wrap?.(damaged) ?? damaged, 'latin1')}
}

interface Attempt {
  readonly read: unknown
  /** What went wrong; null: there was an answer, or an error for the user. */
  readonly failure: string | null
}

async function attempt(work: () => unknown): Promise<Attempt> {
  try {
    return {read: await work(), failure: null}
  } catch (error) {
    if (error instanceof Error && (error.name === 'InputError' || error.name === 'FlowError'))
      return {read: undefined, failure: null}
    return {read: undefined, failure: error instanceof Error ? (error.stack ?? error.message) : String(error)}
  }
}
