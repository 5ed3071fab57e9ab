import {parseUint32} from '../../../net/index.js'
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

/** `--zone mark` takes the zone from the packet's mark: the number is then unknown. */
export const ct: LoadTarget = () => {
  let notrack = false
  let zone: number | null = null
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
      if (option.startsWith('--zone') && value !== 'mark') {
        zone = parseUint32(value)
        return zone !== null && zone <= 65535
      }
      return true
    },
    finish: text => (notrack ? {kind: 'notrack'} : {kind: 'ct', zone, helper, text}),
  }
}
