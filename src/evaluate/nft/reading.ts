import type {NftPattern, NftValue} from '../../model/index.js'
import {decidePort, narrow, type Side, type Tri, triPort, triRange} from '../walk/ports.js'
import type {Walk} from '../walk/walk.js'

/** What an expression gives: a value, something that is still open, or null where reading it ends the rule (NFT_BREAK). */
export type Reading = NftValue | OpenReading | null

export type OpenReading =
  | {readonly kind: 'port'; readonly side: Side}
  /** Of the whole packet, less so many bytes. */
  | {readonly kind: 'length'; readonly less: number}
  /** One of two values, as a fact decides. */
  | {
      readonly kind: 'either'
      readonly holds: number
      readonly fails: number
      readonly key: string
      readonly fact: string
    }
  | DrawnReading
  /** No capture tells it. `scope` tells apart what must not be taken for the same; empty for what stays the same for the packet. */
  | {readonly kind: 'fact'; readonly text: string; readonly scope: string}

/**
 * One of so many values: `numgen`, a hash. All are alike, drawn anew each time where `by` is null, else the same for a flow each time.
 * With a `counter` no chance decides but how many packets came before.
 */
export interface DrawnReading {
  readonly kind: 'drawn'
  readonly modulus: number
  readonly offset: number
  readonly by: string | null
  /** Tells this count from others; null: by chance. */
  readonly counter: string | null
}

export function isOpen(reading: Reading): reading is OpenReading {
  return typeof reading === 'object' && reading !== null
}

/** Does what was read fit a pattern? 2 where that is open. */
export function triPattern(walk: Walk, reading: NftValue | OpenReading, pattern: NftPattern, text: string): Tri {
  if (!isOpen(reading)) {
    const tri = fits(reading, pattern)
    return tri === 2 ? known(walk, factKey(text, pattern, '')) : tri
  }
  switch (reading.kind) {
    case 'port': {
      const range = rangeOf(pattern)
      return range === null ? 2 : triPort(walk.packet, reading.side, range.min, range.max)
    }
    case 'length': {
      const range = rangeOf(pattern)
      const {less} = reading
      return range === null ? 2 : triRange(walk.packet.openLength, range.min + less, range.max + less)
    }
    case 'either': {
      const holds = fits(reading.holds, pattern)
      const fails = fits(reading.fails, pattern)
      if (holds === fails) return holds
      const fact = walk.known(reading.key)
      return fact === null ? 2 : fact ? holds : fails
    }
    case 'drawn': {
      const range = rangeOf(pattern)
      if (range === null) return 2
      const share = overlap(reading, range)
      return share === 0 ? 0 : share === reading.modulus ? 1 : 2
    }
    case 'fact':
      return known(walk, factKey(reading.text, pattern, reading.scope))
  }
}

/** As triPattern, and branches where it is open. */
export function decidePattern(walk: Walk, reading: NftValue | OpenReading, pattern: NftPattern, text: string): boolean {
  const tri = triPattern(walk, reading, pattern, text)
  if (tri !== 2) return tri === 1
  if (!isOpen(reading)) return ask(walk, text, pattern, '')
  const range = rangeOf(pattern)
  switch (reading.kind) {
    case 'port':
      return range === null ? ask(walk, text, pattern, '') : decidePort(walk, reading.side, range.min, range.max)
    case 'length': {
      if (range === null) return ask(walk, text, pattern, '')
      const inside = ask(walk, text, pattern, '')
      const {less} = reading
      walk.packet.openLength = narrow(walk.packet.openLength, range.min + less, range.max + less, inside)
      return inside
    }
    case 'either':
      return (
        (walk.decide(reading.key, reading.fact) ? fits(reading.holds, pattern) : fits(reading.fails, pattern)) === 1
      )
    case 'drawn':
      return range === null || reading.counter !== null
        ? ask(walk, text, pattern, reading.counter ?? '')
        : walk.random(overlap(reading, range) / reading.modulus)
    case 'fact':
      return ask(walk, reading.text, pattern, reading.scope)
  }
}

/** How many of the values that may be drawn lie in a range. */
export function overlap(
  {modulus, offset}: {readonly modulus: number; readonly offset: number},
  {min, max}: {readonly min: number; readonly max: number},
): number {
  return Math.max(0, Math.min(max, offset + modulus - 1) - Math.max(min, offset) + 1)
}

/** A pattern of numbers as a range; null for all others. */
export function rangeOf(pattern: NftPattern): {readonly min: number; readonly max: number} | null {
  if (pattern.kind === 'value' && typeof pattern.value === 'number') return {min: pattern.value, max: pattern.value}
  if (pattern.kind === 'range' && typeof pattern.min === 'number' && typeof pattern.max === 'number')
    return {min: pattern.min, max: pattern.max}
  return null
}

function fits(value: NftValue, pattern: NftPattern): Tri {
  switch (pattern.kind) {
    case 'value':
      return value === pattern.value ? 1 : 0
    case 'range':
      // a family's addresses are of one type, and do not compare with the other's
      return typeof value === typeof pattern.min && isBetween(value, pattern.min, pattern.max) ? 1 : 0
    case 'wildcard':
      return typeof value === 'string' && value.startsWith(pattern.start) ? 1 : 0
    case 'unknown':
      return 2
  }
}

export function isBetween(value: NftValue, min: number | bigint, max: number | bigint): boolean {
  return typeof value !== 'string' && value >= min && value <= max
}

function ask(walk: Walk, text: string, pattern: NftPattern, scope: string): boolean {
  return walk.decide(factKey(text, pattern, scope), `${text} is ${patternText(pattern)}`)
}

function known(walk: Walk, key: string): Tri {
  const fact = walk.known(key)
  return fact === null ? 2 : fact ? 1 : 0
}

function factKey(text: string, pattern: NftPattern, scope: string): string {
  return `nft ${scope} ${text} ${patternText(pattern)}`
}

function patternText(pattern: NftPattern): string {
  switch (pattern.kind) {
    case 'value':
      return String(pattern.value)
    case 'range':
      return `${pattern.min}–${pattern.max}`
    case 'wildcard':
      return `${pattern.start}*`
    case 'unknown':
      return pattern.text
  }
}
