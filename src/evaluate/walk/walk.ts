import {
  type Disposition,
  type Evidence,
  FOR_THE_ANSWER,
  type JsonSource,
  type JsonStep,
  type Reason,
  type StepKind,
} from '../../model/index.js'
import type {VirtualConnection} from '../ipvs/virtualConnection.js'
import type {Netfilter} from '../netfilter/netfilter.js'
import {RecentLists} from '../netfilter/recentList.js'
import type {Network} from '../network/network.js'
import type {SysctlReading} from '../network/sysctls.js'
import type {Choices} from './choices.js'
import type {Tuple} from './connection.js'
import type {Packet} from './packet.js'

/** Where a branch of the walk ends. */
export interface Verdict {
  readonly disposition: Disposition
  readonly reason: Reason | null
}

/** Something that the walk took for granted, since the capture does not say. */
export interface Assumption {
  readonly code: string
  readonly text: string
  readonly source: JsonSource | null
}

export interface Condition {
  /** What is asked, the same for "if" and "unless". */
  readonly key: string
  readonly holds: boolean
  readonly text: string
  /** Of alternatives that exclude each other: which of them, and how many there are. */
  readonly choice?: {readonly taken: readonly number[]; readonly of: number}
}

/** Thrown to end a branch that state cannot decide; caught where the branch began. Not an error of the program. */
export class Undetermined {
  readonly reason: Reason
  readonly text: string
  readonly evidence: Evidence | null

  constructor(reason: Reason, text: string, evidence: Evidence | null = null) {
    this.reason = reason
    this.text = text
    this.evidence = evidence
  }
}

/** Thrown by a probe where it would have to decide or learn something. */
export class Undecided {
  readonly text = 'a probe decides nothing'
}

/** Thrown where a walk ran chains of one priority in one order, and finds that the order matters: the flow is walked again, in every order. */
export class OrderMatters {
  readonly key: string

  /** @param key of that order */
  constructor(key: string) {
    this.key = key
  }
}

/** What a walk writes down. */
export interface Trail {
  readonly steps: JsonStep[]
  readonly conditions: Condition[]
  probability: number
  /** A connection of the capture decided, not the rules. */
  fromEntry: boolean
}

export interface WalkOptions {
  /** Keep steps. Off for `--brief`. */
  readonly trace: boolean
  /** Also the rules that were tried and did not match. */
  readonly misses: boolean
}

/** Marks the conditions of the answer among those of an outcome. */
export const ANSWER = 'answer '

const NONE: ReadonlySet<string> = new Set()

/** Facts about the node rather than about a packet. */
const NODE_FACTS = ['order ', 'kernel ', 'changed ', 'rules ']

/**
 * One run of one flow: the node, the choices of this run, and what has been found out so far. Facts once decided stay decided for the run,
 * so two rules that ask the same get the same answer.
 */
export class Walk {
  readonly network: Network
  readonly netfilter: Netfilter
  readonly options: WalkOptions
  readonly assumptions: Assumption[]
  trail: Trail = newTrail()
  /** The packet under way: set by whoever starts a walk. */
  packet!: Packet
  /** The TCP socket of the node that opened this connection, as its answers are addressed; null where a wire brought the flow. */
  socket: Tuple | null = null
  /** Connections of IPVS that this run made or found. */
  readonly virtualConnections: VirtualConnection[] = []
  /** Keys of the orders of which every one is to be walked. */
  readonly ordered: ReadonlySet<string>
  /** Null: a probe, which decides nothing. */
  readonly #choices: Choices | null
  /** Most walks decide nothing: made when the first fact is. */
  #facts: Map<string, boolean> | null = null
  #visits: Map<string, number> | null = null
  #recent: RecentLists | null = null
  #answering = false

  constructor(
    network: Network,
    netfilter: Netfilter,
    choices: Choices | null,
    options: WalkOptions,
    assumptions: Assumption[],
    ordered: ReadonlySet<string> = NONE,
  ) {
    this.network = network
    this.netfilter = netfilter
    this.options = options
    this.assumptions = assumptions
    this.#choices = choices
    this.ordered = ordered
  }

  /** A run beside this one, on a copy of the packet, that knows what this one knows. Throws Undecided where it would have to decide or learn. */
  probe(): Walk {
    const probe = new Walk(this.network, this.netfilter, null, {trace: this.tracing, misses: false}, [])
    const {connection} = this.packet
    probe.packet = {
      ...this.packet,
      connection: connection === null ? null : {...connection, reply: {...connection.reply}},
    }
    probe.socket = this.socket
    probe.#facts = this.#facts
    return probe
  }

  #choose(count: number): number {
    if (this.#choices === null) throw new Undecided()
    return this.#choices.choose(count)
  }

  /** What was decided of a fact, null while it is open. */
  known(key: string): boolean | null {
    return this.#facts?.get(key) ?? null
  }

  learn(key: string, value: boolean): void {
    if (this.#choices === null) throw new Undecided()
    this.#facts ??= new Map()
    this.#facts.set(key, value)
  }

  /**
   * Turns to the answer: a packet of its own, of which nothing is known yet but what holds for the node as a whole. What it branches on is
   * told apart from what the first packet did.
   */
  beginAnswer(packet: Packet, trail: Trail): void {
    for (const key of this.#facts?.keys() ?? [])
      if (!NODE_FACTS.some(prefix => key.startsWith(prefix))) this.#facts?.delete(key)
    this.#answering = true
    this.packet = packet
    this.trail = trail
  }

  /** What is known of the lists of `-m recent`: they are the node's, and outlast the packet. */
  get recent(): RecentLists {
    if (this.#choices === null) throw new Undecided()
    return (this.#recent ??= new RecentLists())
  }

  /** Branches on a fact that no state decides. `text` says the fact in words, for "if …" and "unless …". */
  decide(key: string, text: string): boolean {
    const known = this.#facts?.get(key)
    if (known !== undefined) return known
    const holds = this.#choose(2) === 0
    this.learn(key, holds)
    this.#condition(key, holds, `${holds ? 'if' : 'unless'} ${text}`)
    return holds
  }

  /** How often this was asked before in this run. */
  visit(key: string): number {
    if (this.#choices === null) throw new Undecided()
    this.#visits ??= new Map()
    const before = this.#visits.get(key) ?? 0
    this.#visits.set(key, before + 1)
    return before
  }

  /** Branches on a fact that is drawn anew each time, with this probability. */
  random(probability: number): boolean {
    if (probability >= 1) return true
    if (probability <= 0) return false
    const hit = this.#choose(2) === 0
    this.trail.probability *= hit ? probability : 1 - probability
    return hit
  }

  /**
   * Branches over weighted alternatives. `by` names what decides where it is no chance: a hash, say, which gives one flow the same alternative
   * each time; the weights are then the share of flows.
   * @returns the index of the one taken
   */
  draw(weights: readonly number[], by: string | null = null): number {
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    if (weights.length === 1) return 0
    if (by !== null && !this.trail.conditions.some(({key}) => key.endsWith(by))) this.#condition(by, true, by)
    const index = this.#choose(weights.length)
    this.trail.probability *= (weights[index] as number) / total
    return index
  }

  /** Branches over alternatives without a probability; each has its condition in words. */
  pick(key: string, texts: readonly string[]): number {
    if (texts.length === 1) return 0
    for (let i = 0; i < texts.length; i++) if (this.known(`${key}=${i}`) === true) return i
    const index = this.#choose(texts.length)
    this.learn(`${key}=${index}`, true)
    const choice = {taken: [index], of: texts.length}
    this.trail.conditions.push({...this.#worded(key, true, `if ${texts[index] as string}`), choice})
    return index
  }

  #condition(key: string, holds: boolean, text: string): void {
    this.trail.conditions.push(this.#worded(key, holds, text))
  }

  #worded(key: string, holds: boolean, text: string): Condition {
    return this.#answering ? {key: ANSWER + key, holds, text: `${FOR_THE_ANSWER}${text}`} : {key, holds, text}
  }

  /** Puts an assumption on the report, once. */
  assume(code: string, text: string, source: JsonSource | null = null): void {
    if (!this.#has(code, text)) this.assumptions.push({code, text, source})
  }

  /** A walk assumes few things and says the same again and again: comparing is cheaper than making a key. */
  #has(code: string, text: string): boolean {
    for (const known of this.assumptions) if (known.text === text && known.code === code) return true
    return false
  }

  /** A sysctl's value; what is assumed of it goes on the report. */
  setting(reading: SysctlReading): number {
    if (reading.assumption !== null) this.assume(reading.assumption.code, reading.assumption.text, reading.source)
    return reading.value
  }

  get tracing(): boolean {
    return this.options.trace
  }

  /** Writes a step that is no chain rule. Call only while `tracing`. */
  step(kind: StepKind, stage: string, target: string | null, evidence: Evidence | null, effect: string): void {
    this.trail.steps.push({
      stage,
      kind,
      backend: null,
      family: null,
      table: null,
      chain: null,
      rule: null,
      target,
      text: evidence?.text ?? '',
      effect,
      source: evidence?.source ?? null,
    })
  }
}

export function newTrail(): Trail {
  return {steps: [], conditions: [], probability: 1, fromEntry: false}
}
