import type {Match} from '../../../model/index.js'
import {parseInterfaceName} from '../values/interfaceName.js'
import {type LoadMatch, neededOptions, type ReadOption} from './loadedMatch.js'

type PhysdevOption = Extract<Match, {kind: 'physdev'}>['option']

function readName(option: PhysdevOption): ReadOption {
  return reader => {
    const name = reader.value()
    return name === null ? null : {kind: 'physdev', negated: reader.negated, option, ...parseInterfaceName(name)}
  }
}

function readFlag(option: PhysdevOption): ReadOption {
  return ({negated}) => ({kind: 'physdev', negated, option, name: '', wildcard: false})
}

export const physdev = neededOptions({
  '--physdev-in': readName('in'),
  '--physdev-out': readName('out'),
  '--physdev-is-in': readFlag('is-in'),
  '--physdev-is-out': readFlag('is-out'),
  '--physdev-is-bridged': readFlag('is-bridged'),
})

const RP_FILTER_OPTIONS = new Set(['--loose', '--validmark', '--accept-local', '--invert'])

/** Without an option: strict, ignoring the mark. */
export const rpfilter: LoadMatch = () => {
  const seen = new Set<string>()
  return {
    needsOption: false,
    has: option => RP_FILTER_OPTIONS.has(option),
    read: (option, reader) => {
      if (reader.negated) return null
      seen.add(option)
      return undefined
    },
    finish: () => [
      {
        kind: 'rp-filter',
        negated: false,
        loose: seen.has('--loose'),
        validMark: seen.has('--validmark'),
        acceptLocal: seen.has('--accept-local'),
        invert: seen.has('--invert'),
      },
    ],
  }
}
