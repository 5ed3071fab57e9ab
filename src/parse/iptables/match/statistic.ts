import {parseUint32} from '../../../net/index.js'
import type {LoadMatch} from './loadedMatch.js'

const OPTIONS = new Set(['--mode', '--probability', '--every', '--packet'])

export const statistic: LoadMatch = () => {
  let mode: string | null = null
  let probability: number | null = null
  let every: number | null = null
  let packet = 0
  let negated = false
  return {
    needsOption: true,
    has: option => OPTIONS.has(option),
    read: (option, reader) => {
      const value = reader.value()
      if (value === null) return null
      if (option === '--mode') {
        if (reader.negated || (value !== 'random' && value !== 'nth')) return null
        mode = value
      } else if (option === '--packet') {
        const number = parseUint32(value)
        if (number === null || reader.negated) return null
        packet = number
      } else {
        negated = reader.negated
        if (option === '--every') every = parseUint32(value)
        else probability = parseProbability(value)
        if (every === null && probability === null) return null
      }
      return undefined
    },
    finish: () => {
      if (mode === 'random' && probability !== null) return [{kind: 'statistic-random', negated, probability}]
      if (mode === 'nth' && every !== null && every > 0) return [{kind: 'statistic-nth', negated, every, packet}]
      return null
    },
  }
}

/** 0 … 1. */
export function parseProbability(text: string): number | null {
  const value = /^\d*\.?\d+$/.test(text) ? Number(text) : NaN
  return value >= 0 && value <= 1 ? value : null
}
