import fc from 'fast-check'
import {narrow, triRange} from '../../src/evaluate/walk/ports.js'

const all = [{min: 0, max: 65535}]

describe('triRange', () => {
  it.each([
    ['the whole range', all, 0, 65535, 1],
    ['a part of it', all, 80, 80, 2],
    ['one port, inside', [{min: 80, max: 80}], 80, 90, 1],
    ['one port, outside', [{min: 79, max: 79}], 80, 90, 0],
    [
      'two ranges, one of them inside',
      [
        {min: 1, max: 2},
        {min: 80, max: 81},
      ],
      80,
      90,
      2,
    ],
    ['nothing left', [], 0, 65535, 0],
  ] as const)('%s', (_, open, min, max, expected) => {
    expect(triRange(open, min, max)).toBe(expected)
  })
})

describe('narrow', () => {
  const port = fc.integer({min: 0, max: 300})

  it('splits the open ports in two parts that share none', () => {
    fc.assert(
      fc.property(port, port, port, (a, b, value) => {
        const [min, max] = a < b ? [a, b] : [b, a]
        const inside = narrow(all, min, max, true)
        const outside = narrow(all, min, max, false)
        const holds = (ranges: typeof inside): boolean => ranges.some(range => value >= range.min && value <= range.max)
        expect(holds(inside)).toBe(value >= min && value <= max)
        expect(holds(outside)).toBe(!holds(inside))
      }),
    )
  })
})
