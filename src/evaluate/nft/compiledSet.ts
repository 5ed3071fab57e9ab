import type {
  NftChain,
  NftElement,
  NftExpression,
  NftPattern,
  NftSet,
  NftSetUse,
  NftTable,
  NftValue,
} from '../../model/index.js'
import type {Tri} from '../walk/ports.js'
import {Undetermined, type Walk} from '../walk/walk.js'
import {
  decidePattern,
  type DrawnReading,
  isBetween,
  isOpen,
  type OpenReading,
  overlap,
  rangeOf,
  triPattern,
} from './reading.js'

/** A key as it was read: no part of it ended the rule. */
export type Key = readonly (NftValue | OpenReading)[]

/** More values than this are not told apart one by one. */
const MAX_DRAWN = 256

interface Interval {
  readonly min: number | bigint
  readonly max: number | bigint
  readonly element: NftElement
}

interface ExactElement {
  readonly values: readonly NftValue[]
  readonly element: NftElement
  /** Of the same hash. */
  readonly next: ExactElement | null
}

/** The elements of a set, indexed: exact keys by a hash, intervals of one dimension by bisection. */
export class CompiledSet {
  readonly #elements: readonly NftElement[]
  readonly #exact = new Map<number, ExactElement>()
  /** Ascending; nft lets no two of them overlap. */
  readonly #intervals: Interval[] = []
  /** Elements with wildcards, or intervals in several dimensions. */
  readonly #others: NftElement[] = []
  readonly #rest: NftElement | null

  constructor(elements: readonly NftElement[]) {
    this.#elements = elements
    for (const element of elements) this.#index(element)
    this.#intervals.sort((a, b) => (a.min < b.min ? -1 : a.min > b.min ? 1 : 0))
    this.#rest = elements.find(element => element.key === null) ?? null
  }

  #index(element: NftElement): void {
    const {key} = element
    if (key === null) return
    const values = exactValues(key)
    const [only] = key
    if (values !== null) {
      const hash = hashOf(values)
      if (this.#byHash(hash, values) === null)
        this.#exact.set(hash, {values, element, next: this.#exact.get(hash) ?? null})
    } else if (key.length === 1 && only?.kind === 'range') this.#intervals.push({min: only.min, max: only.max, element})
    else this.#others.push(element)
  }

  /** Is there an element for the key? Without any branch. */
  tri(walk: Walk, key: Key, asked: readonly NftExpression[]): Tri {
    if (this.#rest !== null) return 1
    const values = plainValues(key)
    if (values !== null && this.#exactly(values) !== null) return 1
    let best: Tri = 0
    for (const element of values === null ? this.#elements : this.#others) {
      const tri = triElement(walk, key, asked, element)
      if (tri === 1) return 1
      if (tri === 2) best = 2
    }
    return best
  }

  /** The element for the key; branches where that is open. Null: there is none. */
  find(walk: Walk, key: Key, asked: readonly NftExpression[]): NftElement | null {
    const [only] = key
    if (key.length === 1 && only !== undefined && isOpen(only) && only.kind === 'drawn') return this.#draw(walk, only)
    const drawn = key.map(part => (isOpen(part) && part.kind === 'drawn' ? drawValue(walk, part) : part))
    const values = plainValues(drawn)
    const exact = values === null ? null : this.#exactly(values)
    if (exact !== null) return exact
    for (const element of values === null ? this.#elements : this.#others) {
      if (triElement(walk, drawn, asked, element) !== 0 && decideElement(walk, drawn, asked, element)) return element
    }
    return this.#rest
  }

  #exactly(values: readonly NftValue[]): NftElement | null {
    const [only] = values
    return (
      this.#byHash(hashOf(values), values) ?? (values.length === 1 && only !== undefined ? this.#interval(only) : null)
    )
  }

  #byHash(hash: number, values: readonly NftValue[]): NftElement | null {
    let found = this.#exact.get(hash) ?? null
    while (found !== null && !isSameKey(found.values, values)) found = found.next
    return found?.element ?? null
  }

  #interval(value: NftValue): NftElement | null {
    let low = 0
    let high = this.#intervals.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (!isBelow(value, (this.#intervals[middle] as Interval).min)) low = middle + 1
      else high = middle
    }
    const found = this.#intervals[low - 1]
    return found !== undefined && typeof found.min === typeof value && isBetween(value, found.min, found.max)
      ? found.element
      : null
  }

  /** One branch for each element, as likely as it has values; one more for values without an element. */
  #draw(walk: Walk, drawn: DrawnReading): NftElement | null {
    const elements: (NftElement | null)[] = []
    const weights: number[] = []
    let left = drawn.modulus
    for (const element of this.#elements) {
      const range = element.key === null ? null : rangeOf(element.key[0] as NftPattern)
      const weight = range === null ? 0 : overlap(drawn, range)
      if (weight === 0) continue
      elements.push(element)
      weights.push(weight)
      left -= weight
    }
    if (left > 0) {
      elements.push(this.#rest)
      weights.push(left)
    }
    return (
      elements[
        chooseOne(
          walk,
          drawn,
          weights,
          elements.map(element => element?.text ?? 'none of them'),
        )
      ] ?? null
    )
  }
}

/** A table with its sets compiled on demand. */
export class CompiledTable {
  readonly table: NftTable
  #bases: readonly NftChain[] | undefined
  readonly #named = new Map<string, CompiledSet>()
  /** By where they are used, which is found faster than a name. */
  readonly #used = new Map<NftSetUse, CompiledSet>()

  constructor(table: NftTable) {
    this.table = table
  }

  /** Its base chains, and those that may be: a table has thousands of others. */
  get bases(): readonly NftChain[] {
    return (this.#bases ??= [...this.table.chains.values()].filter(({base, misplaced}) => base !== null || misplaced))
  }

  set(name: string): NftSet | null {
    return this.table.sets.get(name) ?? null
  }

  compile(use: NftSetUse): CompiledSet {
    let compiled = this.#used.get(use)
    if (compiled === undefined)
      this.#used.set(
        use,
        (compiled = use.kind === 'anonymous' ? new CompiledSet(use.elements) : this.#compileNamed(use.name)),
      )
    return compiled
  }

  #compileNamed(name: string): CompiledSet {
    let compiled = this.#named.get(name)
    if (compiled === undefined) {
      const set = this.set(name)
      if (set === null) {
        const {family, name: table} = this.table
        throw new Undetermined(
          'MISSING_INPUT',
          `the capture does not hold the set ${name} of \`table ${family} ${table}\``,
        )
      }
      this.#named.set(name, (compiled = new CompiledSet(set.elements)))
    }
    return compiled
  }
}

function isBelow(value: NftValue, bound: number | bigint): boolean {
  return typeof value !== 'string' && value < bound
}

export function drawValue(walk: Walk, drawn: DrawnReading): number {
  const {modulus, offset} = drawn
  if (modulus > MAX_DRAWN)
    throw new Undetermined('UNMODELLED_RULES', `one of ${modulus} values is drawn, which are not told apart`)
  const texts = Array.from({length: modulus}, (_, i) => String(offset + i))
  const weights = new Array<number>(modulus).fill(1)
  return offset + chooseOne(walk, drawn, weights, texts)
}

function chooseOne(walk: Walk, drawn: DrawnReading, weights: readonly number[], texts: readonly string[]): number {
  if (drawn.counter === null) return walk.draw(weights, drawn.by)
  return walk.pick(
    drawn.counter,
    texts.map(text => `it is the turn of \`${text}\``),
  )
}

function triElement(walk: Walk, key: Key, asked: readonly NftExpression[], element: NftElement): Tri {
  if (element.key === null || element.key.length !== key.length) return 0
  let answer: Tri = 1
  for (const [i, reading] of key.entries()) {
    const tri = triPattern(walk, reading, element.key[i] as NftPattern, asked[i]?.text ?? '')
    if (tri === 0) return 0
    if (tri === 2) answer = 2
  }
  return answer
}

function decideElement(walk: Walk, key: Key, asked: readonly NftExpression[], element: NftElement): boolean {
  return key.every((reading, i) => decidePattern(walk, reading, element.key?.[i] as NftPattern, asked[i]?.text ?? ''))
}

export function plainValues(key: Key): readonly NftValue[] | null {
  return key.some(isOpen) ? null : (key as readonly NftValue[])
}

function exactValues(key: readonly NftPattern[]): readonly NftValue[] | null {
  const values: NftValue[] = []
  for (const pattern of key) {
    if (pattern.kind !== 'value') return null
    values.push(pattern.value)
  }
  return values
}

function isSameKey(a: readonly NftValue[], b: readonly NftValue[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** Golden ratio of 2³²: spreads what differs in few bits. */
const SPREAD = 0x9e3779b1

/** Of values as text a million look-ups would make a million strings. */
function hashOf(values: readonly NftValue[]): number {
  let hash = 0
  for (const value of values) hash = Math.imul(hash ^ wordOf(value), SPREAD) ^ (hash >>> 15)
  return hash
}

function wordOf(value: NftValue): number {
  if (typeof value === 'number') return value | 0
  if (typeof value === 'bigint') return Number(BigInt.asUintN(32, value ^ (value >> 64n)))
  let word = value.length
  for (let i = 0; i < value.length; i++) word = Math.imul(word, 31) + value.charCodeAt(i)
  return word
}
