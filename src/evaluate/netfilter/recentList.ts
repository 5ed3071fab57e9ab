import type {Tri} from '../walk/ports.js'

/** What a rule asks of an entry: so many packets of the address, in the last so many seconds, with this TTL. */
export interface RecentQuestion {
  /** Null: at any time. */
  readonly seconds: number | null
  /** At least 1. */
  readonly hits: number
  /** Null: any. */
  readonly ttl: number | null
}

interface Answer extends RecentQuestion {
  readonly holds: boolean
}

/**
 * What one walk knows of one address on one list of `-m recent` (struct recent_entry): packets that it put there itself, and what was decided
 * of those before. A new entry is open in all respects.
 */
export class RecentEntry {
  /** False once it was found missing, or taken off: all there is of it is this walk's. */
  #older = true
  #stamps = 0
  #ttl: number | null = null
  #answers: Answer[] = []

  /** Notes a packet (recent_entry_init, recent_entry_update). */
  stamp(ttl: number): void {
    this.#stamps++
    this.#ttl = ttl
    this.#answers = this.#answers.filter(({holds, ttl: asked}) => holds && asked === null)
  }

  /** recent_entry_remove */
  remove(): void {
    this.#older = false
    this.#stamps = 0
    this.#ttl = null
    this.#answers = []
  }

  /** A packet may have been noted. */
  blur(): void {
    this.#answers = this.#answers.filter(({holds}) => holds)
  }

  /** recent_entry_reap: entries without a packet in the last so many seconds may have gone. */
  reap(seconds: number | null): void {
    this.#answers = this.#answers.filter(answer => !answer.holds || within(answer.seconds, seconds))
  }

  /** Is it so? 2: open. */
  ask(question: RecentQuestion): Tri {
    if (question.ttl !== null && this.#ttl !== null && question.ttl !== this.#ttl) return 0
    if (this.#stamps >= question.hits && (question.ttl === null || this.#ttl !== null)) return 1
    if (!this.#older) return 0
    for (const answer of this.#answers) if (settles(answer, question)) return answer.holds ? 1 : 0
    return 2
  }

  learn(question: RecentQuestion, holds: boolean): void {
    const {seconds, hits, ttl} = question
    this.#answers.push({...question, holds})
    if (!holds && seconds === null && hits === 1 && ttl === null) this.remove()
  }
}

/** Does the answer to one question answer another? Yes to the narrower one is yes to the wider, and no to the wider no to the narrower. */
function settles(answer: Answer, question: RecentQuestion): boolean {
  const [narrow, wide] = answer.holds ? [answer, question] : [question, answer]
  return (
    within(narrow.seconds, wide.seconds) && narrow.hits >= wide.hits && (wide.ttl === null || wide.ttl === narrow.ttl)
  )
}

function within(seconds: number | null, limit: number | null): boolean {
  return limit === null || (seconds !== null && seconds <= limit)
}

/** The lists of a node, as far as one walk knows them. */
export class RecentLists {
  readonly #entries = new Map<string, RecentEntry>()
  readonly #first = new Map<string, string>()

  /** @param address as text */
  entry(list: string, address: string): RecentEntry {
    const key = `${list} ${address}`
    let entry = this.#entries.get(key)
    if (entry === undefined) this.#entries.set(key, (entry = new RecentEntry()))
    return entry
  }

  /** `source address`, with the address behind it where NAT or the answer made it another than it was when first asked about. */
  nameOf(side: 'source' | 'destination', address: string): string {
    const first = this.#first.get(side)
    if (first === undefined) this.#first.set(side, address)
    return first === undefined || first === address ? `${side} address` : `${side} address ${address}`
  }
}
