import type {LoadMatch} from './loadedMatch.js'
import {parseDirections} from '../values/directions.js'

const OPTIONS = new Set([
  '--match-set',
  '--set',
  '--return-nomatch',
  '--update-counters',
  '--update-subcounters',
  '--packets-eq',
  '--packets-lt',
  '--packets-gt',
  '--bytes-eq',
  '--bytes-lt',
  '--bytes-gt',
])

/** `--set` is how iptables before 1.4.5 spelled `--match-set`. */
export const set: LoadMatch = () => {
  let name: string | null = null
  let directions: readonly ('src' | 'dst')[] = []
  let negated = false
  let returnNomatch = false
  const options: string[] = []
  return {
    needsOption: true,
    has: option => OPTIONS.has(option),
    read: (option, reader) => {
      if (option === '--match-set' || option === '--set') {
        const setName = reader.value()
        const setDirections = parseDirections(reader.value() ?? '')
        if (name !== null || setName === null || setDirections === null) return null
        name = setName
        directions = setDirections
        negated = reader.negated
      } else if (option === '--return-nomatch') {
        if (reader.negated) return null
        returnNomatch = true
      } else {
        if (!option.startsWith('--update-') && reader.value() === null) return null
        options.push(reader.optionText())
      }
      return undefined
    },
    finish: () => (name === null ? null : [{kind: 'set', negated, set: name, directions, returnNomatch, options}]),
  }
}
