import {describe, expect, it} from '@jest/globals'
import {Dice} from '../kernel/random/dice.js'
import {fuzz} from './fuzz.js'
import {mutate} from './mutate.js'
import {fuzzTargets, type Target} from './targets.js'

const target = (feed: Target['feed']): Target => ({name: 'x', seeds: ['one two\nthree'], weight: 1, feed})

describe('damaged input', () => {
  const targets = fuzzTargets()

  it.each(targets)('$name has something to be fed with', ({seeds}) => {
    expect(seeds.length).toBeGreaterThan(0)
    expect(seeds.join('').length).toBeGreaterThan(50)
  })

  // a million: npm run fuzz -- --inputs 1000000
  it('is read, or refused as the user’s; nothing throws or hangs', async () => {
    const {inputs, failures} = await fuzz({targets, seed: 20261127, inputs: 4000})
    expect(failures).toEqual([])
    expect(inputs).toBe(4000)
  }, 300_000)
})

describe('the fuzzer', () => {
  it('makes the same input of the same number', async () => {
    const seen: string[] = []
    const targets = [target(bytes => seen.push(bytes.toString('latin1')))]
    await fuzz({targets, seed: 3, inputs: 20})
    await fuzz({targets, seed: 3, first: 12, inputs: 1})
    expect(seen[20]).toBe(seen[12])
    expect(new Set(seen).size).toBeGreaterThan(15)
  })

  it('damages', () => {
    const damaged = Array.from({length: 100}, (_, seed) => mutate('one two\nthree', 'four', new Dice(seed)))
    expect(damaged.filter(text => text !== 'one two\nthree').length).toBeGreaterThan(90)
  })

  it.each([
    [
      'an exception',
      () => {
        throw new TypeError('oh')
      },
      /TypeError: oh/,
    ],
    ['a rejection', () => Promise.reject(new RangeError('ah')), /RangeError: ah/],
    [
      'a hang',
      () => {
        for (const begun = process.cpuUsage(); process.cpuUsage(begun).user < 1_200_000;);
      },
      /took \d+ ms/,
    ],
  ])('finds %s', async (_, feed, text) => {
    const {failures} = await fuzz({targets: [target(feed)], seed: 1, inputs: 1})
    expect(failures.map(failure => failure.text).join()).toMatch(text)
  })

  it('takes an error for the user as an answer', async () => {
    const {InputError} = await import('../../src/capture/index.js')
    const targets = [
      target(() => {
        throw new InputError('no capture')
      }),
    ]
    expect((await fuzz({targets, seed: 1, inputs: 3})).failures).toEqual([])
  })
})
