/**
 * The branching of a walk, by replay: a walk is a plain function that asks `choose` wherever state cannot decide, and is run again, from its
 * start, for each way through the tree of its choices. So the walk itself reads like the kernel, with no state machine and nothing to clone.
 * The walk must be deterministic but for its choices.
 */
export class Choices {
  #taken: number[] = []
  #counts: number[] = []
  #position = 0

  /** @param count number of alternatives @returns the index of the alternative of this run, the first one first */
  choose(count: number): number {
    const position = this.#position++
    if (position === this.#taken.length) {
      this.#taken.push(0)
      this.#counts.push(count)
    }
    return this.#taken[position] as number
  }

  /** Prepares the next run, depth first. @returns false when all ways have been walked */
  next(): boolean {
    this.#taken.length = Math.min(this.#taken.length, this.#position)
    this.#counts.length = this.#taken.length
    this.#position = 0
    while (this.#taken.length > 0) {
      const last = this.#taken.length - 1
      const taken = (this.#taken[last] as number) + 1
      if (taken < (this.#counts[last] as number)) {
        this.#taken[last] = taken
        return true
      }
      this.#taken.pop()
      this.#counts.pop()
    }
    return false
  }
}
