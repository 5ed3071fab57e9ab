import {type Address, familyOf, parseAddress, parseUint32} from '../../../net/index.js'
import type {Match} from '../../../model/index.js'
import type {LoadMatch} from './loadedMatch.js'

type Operation = Extract<Match, {kind: 'recent'}>['operation']

const OPERATIONS: Readonly<Record<string, Operation>> = {
  '--set': 'set',
  '--rcheck': 'rcheck',
  '--update': 'update',
  '--remove': 'remove',
}
const OPTIONS = new Set([
  ...Object.keys(OPERATIONS),
  '--seconds',
  '--hitcount',
  '--rttl',
  '--reap',
  '--name',
  '--mask',
  '--rsource',
  '--rdest',
])

export const recent: LoadMatch = () => {
  let operation: Operation | null = null
  let negated = false
  let name = 'DEFAULT'
  let side: 'source' | 'destination' = 'source'
  let seconds: number | null = null
  let hitcount: number | null = null
  let rttl = false
  let reap = false
  let mask: Address | null = null
  return {
    needsOption: true,
    has: option => OPTIONS.has(option),
    read: (option, reader) => {
      const found = OPERATIONS[option]
      if (found !== undefined) {
        if (operation !== null) return null
        operation = found
        negated = reader.negated
        return undefined
      }
      if (reader.negated) return null
      if (option === '--rttl') rttl = true
      else if (option === '--reap') reap = true
      else if (option === '--rsource') side = 'source'
      else if (option === '--rdest') side = 'destination'
      else {
        const value = reader.text()
        if (value === null) return null
        if (option === '--name') name = value
        else if (option === '--mask') {
          mask = parseAddress(value)
          return mask === null || familyOf(mask) !== reader.family ? null : undefined
        } else {
          const number = parseUint32(value)
          if (option === '--seconds') seconds = number
          else hitcount = number
          return number === null ? null : undefined
        }
      }
      return undefined
    },
    finish: () =>
      operation === null
        ? null
        : [{kind: 'recent', negated, operation, name, side, seconds, hitcount, rttl, reap, mask}],
  }
}
