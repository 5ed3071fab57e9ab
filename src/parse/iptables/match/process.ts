import type {Match} from '../../../model/index.js'
import {parseNumberRange} from '../values/numberRange.js'
import {type LoadMatch, neededOptions, type ReadOption} from './loadedMatch.js'

/** Modules that look at the socket behind a packet. */

/** A name in place of a number keeps its text: only the node's passwd knows it. */
function readId(field: 'uid' | 'gid'): ReadOption {
  return reader => {
    const id = reader.value()
    if (id === null) return null
    const range = parseNumberRange(id, 0xffffffff, '-')
    return {kind: 'owner', negated: reader.negated, field, range, text: `--${field}-owner ${id}`}
  }
}

function readFlag(field: 'socket-exists' | 'suppl-groups'): ReadOption {
  return ({negated}): Match => ({kind: 'owner', negated, field, range: null, text: `--${field}`})
}

export const owner = neededOptions({
  '--uid-owner': readId('uid'),
  '--gid-owner': readId('gid'),
  '--socket-exists': readFlag('socket-exists'),
  '--suppl-groups': readFlag('suppl-groups'),
})

const SOCKET_OPTIONS = new Set(['--transparent', '--nowildcard', '--restore-skmark'])

/** `text`: its options, which narrow what counts as a socket. `--restore-skmark` also changes the packet's mark: not modelled. */
export const socket: LoadMatch = () => {
  const options: string[] = []
  return {
    needsOption: false,
    has: option => SOCKET_OPTIONS.has(option),
    read: (option, reader) => {
      if (reader.negated) return null
      options.push(option)
      return undefined
    },
    finish: () => {
      const text = options.join(' ')
      if (!options.includes('--restore-skmark')) return [{kind: 'socket', negated: false, text}]
      return [{kind: 'opaque', negated: false, module: 'socket', text: `-m socket ${text}`, reason: 'unmodelled'}]
    },
  }
}
