import {parseUint32} from '../../../net/index.js'
import type {ZoneOfTarget} from '../../../model/index.js'
import type {LoadTarget} from './loadedTarget.js'

const OPTIONS = new Set([
  '--notrack',
  '--helper',
  '--ctevents',
  '--expevents',
  '--zone',
  '--zone-orig',
  '--zone-reply',
  '--timeout',
])

export const ct: LoadTarget = () => {
  let notrack = false
  let zone: ZoneOfTarget = {id: 0, direction: 'both'}
  let helper: string | null = null
  return {
    has: option => OPTIONS.has(option),
    read: (option, reader) => {
      if (option === '--notrack') {
        notrack = true
        return true
      }
      const value = reader.value()
      if (value === null) return false
      if (option === '--helper') helper = value
      if (!option.startsWith('--zone')) return true
      const read = readZone(option.slice('--'.length), value)
      if (read === null) return false
      zone = {id: read.id, direction: narrower(zone.direction, read.direction)}
      return true
    },
    finish: text => (notrack ? {kind: 'notrack'} : {kind: 'ct', zone, helper, text}),
  }
}

/** `zone 5`, `zone-orig 5`, `zone-reply mark`. @returns null where that is no zone */
export function readZone(option: string, value: string): ZoneOfTarget | null {
  const id = value === 'mark' ? value : parseUint32(value)
  if (id === null || (id !== 'mark' && id > 65535)) return null
  return {id, direction: option === 'zone-orig' ? 'original' : option === 'zone-reply' ? 'reply' : 'both'}
}

/** Each option sets the one id; `--zone-orig` and `--zone-reply` set a flag each, which together mean the same as none. */
function narrower(before: ZoneOfTarget['direction'], after: ZoneOfTarget['direction']): ZoneOfTarget['direction'] {
  if (before === 'both' || after === 'both') return before === 'both' ? after : before
  return before === after ? before : 'both'
}
