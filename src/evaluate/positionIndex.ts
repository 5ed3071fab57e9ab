/** Positions in a list of rules, by an exact value that the rules there ask for. Each value's positions are ascending. */
export class PositionIndex<K> {
  readonly #positions = new Map<K, number[]>()

  /** Call with ascending positions. */
  add(key: K, position: number): void {
    const list = this.#positions.get(key)
    if (list === undefined) this.#positions.set(key, [position])
    else list.push(position)
  }

  /** The first position at or behind `from` of a value; `none` where there is none. */
  next(key: K, from: number, none: number): number {
    const list = this.#positions.get(key)
    return list === undefined ? none : firstFrom(list, from, none)
  }

  /** The same over all values. */
  nextOfAny(from: number, none: number): number {
    let best = none
    for (const list of this.#positions.values()) best = Math.min(best, firstFrom(list, from, none))
    return best
  }
}

/** The first of ascending positions that is at or behind `from`, by bisection. */
export function firstFrom(list: readonly number[], from: number, none: number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((list[middle] as number) < from) low = middle + 1
    else high = middle
  }
  return low < list.length ? (list[low] as number) : none
}
