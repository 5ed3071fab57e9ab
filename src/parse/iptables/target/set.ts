import {parseDirections} from '../values/directions.js'
import type {LoadTarget} from './loadedTarget.js'

const OPTIONS = new Set([
  '--add-set',
  '--del-set',
  '--map-set',
  '--exist',
  '--timeout',
  '--map-mark',
  '--map-prio',
  '--map-queue',
])

/** `--map-set` takes mark and priority from the set's entry, which is not modelled. */
export const set: LoadTarget = () => {
  let operation: string | null = null
  let name = ''
  let directions: readonly ('src' | 'dst')[] = []
  return {
    has: option => OPTIONS.has(option),
    read: (option, reader) => {
      if (option === '--timeout') return reader.value() !== null
      if (option === '--exist' || (option.startsWith('--map-') && option !== '--map-set')) return true
      const setName = reader.value()
      const setDirections = parseDirections(reader.value() ?? '')
      if (setName === null || setDirections === null || operation !== null) return false
      operation = option
      name = setName
      directions = setDirections
      return true
    },
    finish: text => {
      if (operation === null) return null
      if (operation === '--map-set') return {kind: 'opaque', name: 'SET', text, recognised: true}
      return {kind: operation === '--add-set' ? 'set-add' : 'set-del', set: name, directions, text}
    },
  }
}
