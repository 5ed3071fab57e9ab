import {mergePhases} from '../../src/render/explain/mergePhases.js'
import {makePhase} from '../../src/render/explain/phase.js'
import {rangesOf} from '../../src/render/explain/rangesOf.js'
import {decision} from './samples/build.js'

/** `nat:a` is a phase of stage nat that did a. */
function variant(label: string, ...phases: string[]) {
  return {
    label,
    phases: phases.map(phase => {
      const [stage = '', effect = ''] = phase.split(':')
      return makePhase(stage, [decision('nat', stage, null, '', effect)])
    }),
  }
}

const told = (...variants: ReturnType<typeof variant>[]) =>
  mergePhases(variants).map(({title, groups, common}) =>
    common ? title : `${title} ${groups.map(({label, phase}) => `${label}=${phase.effect}`).join(' ')}`,
  )

describe('mergePhases', () => {
  it('tells what all share once', () => {
    expect(told(variant('A', 'raw:x', 'nat:y'), variant('B', 'raw:x', 'nat:z'))).toEqual(['raw', 'nat A=y B=z'])
  })

  it('keeps the order of each, and puts what only some have where it belongs', () => {
    expect(
      told(variant('A', 'nat:x', 'route:r', 'forward:f'), variant('B', 'nat:x', 'route:l', 'input:i', 'deliver:d')),
    ).toEqual(['nat', 'route A=r B=l', 'forward A=f', 'input B=i', 'deliver B=d'])
  })

  it('does not take a second visit to a stage for the first', () => {
    expect(told(variant('A', 'route:r', 'nat:x', 'route:again'), variant('B', 'route:r', 'nat:x'))).toEqual([
      'route',
      'nat',
      'route A=again',
    ])
  })

  it('has nothing to tell of nothing', () => {
    expect(mergePhases([])).toEqual([])
    expect(told(variant('A'))).toEqual([])
  })
})

describe('rangesOf', () => {
  const labels = ['A', 'B', 'C', 'D', 'E', 'F']
  it.each([
    [[0], 'A'],
    [[0, 1], 'A, B'],
    [[0, 1, 2], 'A–C'],
    [[0, 2, 3, 4, 5], 'A, C–F'],
    [[], ''],
  ])('%j is %s', (members, text) => {
    expect(rangesOf(members, labels)).toBe(text)
  })
})
