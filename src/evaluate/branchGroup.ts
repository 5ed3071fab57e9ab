import type {JsonOutcome} from '../model/index.js'
import type {Condition} from './walk/walk.js'

/** An outcome with its conditions still as facts, so that branches which end alike can be told to be one. */
export interface Branch {
  readonly outcome: JsonOutcome
  readonly conditions: readonly Condition[]
  readonly probability: number
}

/** Which of the walks it was, from 0; of joined ones the first. */
export interface PlacedBranch extends Branch {
  readonly place: number
}

/**
 * Branches that end alike, joined as they come, each with the first that it can be joined with. There may be thousands, with hundreds of conditions: comparing each
 * with each takes minutes. Two that can be joined know the same facts, and agree in all but one: that is what they are found by.
 */
export class BranchGroup {
  /** What all of them have in common. */
  readonly ending: JsonOutcome
  /** By a hash of the facts that they know. */
  readonly #byFacts = new Map<number, Partners>()
  /** A number for each fact: the sum of some is a hash that does not depend on their order. */
  readonly #facts = new Map<string, number>()

  constructor(ending: JsonOutcome) {
    this.ending = ending
  }

  get branches(): PlacedBranch[] {
    return [...this.#byFacts.values()].flatMap(partners => partners.all)
  }

  add(branch: PlacedBranch): void {
    for (let next: PlacedBranch | null = branch; next !== null;) next = this.#joinOrKeep(next)
  }

  /** @returns what it was joined to, which may be joined again; null: it is kept */
  #joinOrKeep(branch: PlacedBranch): PlacedBranch | null {
    const facts = branch.conditions.map(({key}) => this.#numberOf(key))
    const hash = facts.reduce(add32, 0)
    const partners = this.#byFacts.get(hash) ?? new Partners()
    this.#byFacts.set(hash, partners)
    return partners.join({branch, facts})
  }

  #numberOf(key: string): number {
    const known = this.#facts.get(key)
    if (known !== undefined) return known
    const number = scatter(this.#facts.size + 1)
    this.#facts.set(key, number)
    return number
  }
}

interface Known {
  readonly branch: PlacedBranch
  /** The number of each condition's fact. */
  readonly facts: readonly number[]
}

/** Branches that know the same facts. */
class Partners {
  readonly #known = new Set<Known>()
  /** By a hash of what they are if one condition is left out. Most branches have no partner, and need none. */
  #byRest: Map<number, Set<Known>> | null = null

  get all(): PlacedBranch[] {
    return [...this.#known].map(({branch}) => branch)
  }

  /** @returns what came of joining it with the first it can be joined with; null: there is none, and it is kept */
  join(mine: Known): PlacedBranch | null {
    const rests = this.#known.size === 0 && this.#byRest === null ? [] : restsOf(mine)
    for (const other of this.#agreeing(rests)) {
      const joined = joinTwo(other.branch, mine.branch)
      if (joined === null) continue
      this.#known.delete(other)
      for (const rest of restsOf(other)) this.#byRest?.get(rest)?.delete(other)
      return joined
    }
    this.#known.add(mine)
    if (this.#byRest !== null) index(this.#byRest, mine, rests)
    return null
  }

  /** In the order in which they came. */
  #agreeing(rests: readonly number[]): readonly Known[] {
    if (rests.length === 0) return [...this.#known]
    if (this.#byRest === null) {
      this.#byRest = new Map()
      for (const known of this.#known) index(this.#byRest, known, restsOf(known))
    }
    const found = new Set<Known>()
    for (const rest of rests) for (const known of this.#byRest.get(rest) ?? []) found.add(known)
    return found.size < 2 ? [...found] : [...this.#known].filter(known => found.has(known))
  }
}

function index(byRest: Map<number, Set<Known>>, known: Known, rests: readonly number[]): void {
  for (const rest of rests) {
    const alike = byRest.get(rest)
    if (alike === undefined) byRest.set(rest, new Set([known]))
    else alike.add(known)
  }
}

/** Hashes of a branch's conditions with one of them left out, and of which one it is. Two that are alike by chance are told apart when they are compared. */
function restsOf({branch, facts}: Known): number[] {
  const answers = branch.conditions.map(({holds, choice}, i) =>
    (choice?.taken ?? []).reduce(
      (sum, taken) => add32(sum, scatter(taken + 2)),
      scatter((facts[i] ?? 0) + Number(holds)),
    ),
  )
  const whole = answers.reduce(add32, 0)
  return answers.map((answer, i) => add32(add32(whole, -answer), scatter((facts[i] ?? 0) >>> 1)))
}

function add32(a: number, b: number): number {
  return (a + b) >>> 0
}

/** Spreads small numbers over 32 bits. */
function scatter(number: number): number {
  const mixed = Math.imul(number ^ (number >>> 16), 0x9e37_79b1)
  return (mixed ^ (mixed >>> 15)) >>> 0
}

function joinTwo(a: PlacedBranch, b: PlacedBranch): PlacedBranch | null {
  if (a.conditions.length !== b.conditions.length) return null
  const pairs = differences(a.conditions, b.conditions)
  if (pairs === null || !sameSteps(a.outcome, b.outcome)) return null
  const [pair] = pairs
  const place = Math.min(a.place, b.place)
  if (pair === undefined) return {...a, place, probability: a.probability + b.probability}
  if (Math.abs(a.probability - b.probability) > 1e-12) return null
  const [mine, other] = pair
  return {...a, place, conditions: a.conditions.flatMap(own => (own === mine ? either(own, other) : [own]))}
}

/**
 * The one condition in which two branches differ, if any; null: there are more, or one is of a fact that the other does not know. Most hold
 * their conditions in one order.
 */
function differences(
  mine: readonly Condition[],
  others: readonly Condition[],
): (readonly [Condition, Condition])[] | null {
  const found: [Condition, Condition][] = []
  for (const [i, other] of others.entries()) {
    const own = mine[i]?.key === other.key ? mine[i] : mine.find(({key}) => key === other.key)
    if (isSame(other, own)) continue
    if (own === undefined || found.length === 1) return null
    found.push([own, other])
  }
  return found
}

function isSame(a: Condition, b: Condition | undefined): boolean {
  return a.holds === b?.holds && a.choice?.taken.join() === b.choice?.taken.join()
}

/** What is left of two conditions that differ: nothing, or some of several alternatives. */
function either(a: Condition, b: Condition): Condition[] {
  if (a.choice === undefined || b.choice === undefined) return []
  const taken = [...a.choice.taken, ...b.choice.taken].sort((x, y) => x - y)
  if (taken.length >= a.choice.of) return []
  return [{...a, text: `${a.text}, or ${b.text}`, choice: {taken, of: a.choice.of}}]
}

function sameSteps(a: JsonOutcome, b: JsonOutcome): boolean {
  const others = b.steps ?? []
  const same = (a.steps ?? []).every((step, i) => {
    const other = others[i]
    return (
      other !== undefined &&
      step.source === other.source &&
      step.text === other.text &&
      step.effect === other.effect &&
      step.stage === other.stage &&
      step.target === other.target
    )
  })
  return same && (a.reply == null || b.reply == null || sameSteps(a.reply, b.reply))
}
