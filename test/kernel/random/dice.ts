/** Random choices that a seed fixes (mulberry32). */
export class Dice {
  #state: number

  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e3779b1) >>> 0
  }

  /** 0 ≤ x < 1. */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }

  chance(probability: number): boolean {
    return this.fraction() < probability
  }

  /** From `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1))
  }

  pick<T>(list: readonly T[]): T {
    const item = list[Math.floor(this.fraction() * list.length)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }

  /** Some of a list, in no order. */
  some<T>(list: readonly T[], count: number): T[] {
    const left = [...list]
    return Array.from(
      {length: Math.min(count, left.length)},
      () => left.splice(Math.floor(this.fraction() * left.length), 1)[0] as T,
    )
  }

  /** Each choice stands as often as its weight says. */
  weighted<T>(choices: readonly (readonly [number, T])[]): T {
    let x = this.fraction() * choices.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, choice] of choices) {
      x -= weight
      if (x < 0) return choice
    }
    return (choices.at(-1) as readonly [number, T])[1]
  }
}
