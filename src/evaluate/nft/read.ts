import type {NftElement, NftExpression, NftPattern, NftSetUse, NftValue} from '../../model/index.js'
import {Undetermined, type Walk} from '../walk/walk.js'
import {drawValue, type Key} from './compiledSet.js'
import {fibDevice, fibType} from './fib.js'
import {jenkins} from './hash.js'
import {elementHolds, findElement} from './lookUp.js'
import {type RulePlace, ruleKey} from './place.js'
import {isOpen, type OpenReading, type Reading} from './reading.js'
import {readConnection} from './readConnection.js'
import {readMeta} from './readMeta.js'
import {readPayload} from './readPayload.js'

/** What an expression gives for the packet. Maps and draws inside of it branch. */
export function read(walk: Walk, place: RulePlace, expression: NftExpression): Reading {
  switch (expression.kind) {
    case 'meta':
      return readMeta(walk, expression)
    case 'payload':
      return readPayload(walk.packet, expression)
    case 'ct':
      return readConnection(walk.packet, expression)
    case 'fib':
      if (expression.result === 'type') return fibType(walk, expression)
      return expression.result === 'exists' ? Number(fibDevice(walk, expression) !== '') : fibDevice(walk, expression)
    case 'numgen':
      return readNumgen(walk, place, expression)
    case 'hash':
      return readHash(walk, place, expression)
    case 'binary':
      return readBinary(walk, place, expression)
    case 'map': {
      const [pattern] = readData(walk, place, expression) ?? [null]
      return pattern === null || pattern === undefined ? null : valueOf(pattern, place, expression.text)
    }
    case 'literal':
      return valueOf(expression.pattern, place, expression.text)
    case 'unknown':
      return {kind: 'fact', text: expression.text, scope: ''}
  }
}

/** All parts of a key; null where one ends the rule. */
export function readKey(walk: Walk, place: RulePlace, key: readonly NftExpression[]): Key | null {
  const readings: (NftValue | OpenReading)[] = []
  for (const expression of key) {
    const reading = read(walk, place, expression)
    if (reading === null) return null
    readings.push(reading)
  }
  return readings
}

/**
 * What NAT is told: an address or a range of them, and from a map also ports.
 * @returns null where that ends the rule
 */
export function readData(walk: Walk, place: RulePlace, expression: NftExpression): readonly NftPattern[] | null {
  if (expression.kind === 'literal') return [expression.pattern]
  if (expression.kind === 'map') return elementOf(walk, place, expression)?.data ?? null
  const value = settle(walk, read(walk, place, expression), expression.text, place)
  return value === null ? null : [{kind: 'value', value}]
}

/** Reads where only one value will do: draws it, or ends undetermined. */
export function settle(walk: Walk, reading: Reading, text: string, place: RulePlace): NftValue | null {
  if (!isOpen(reading)) return reading
  if (reading.kind === 'drawn') return drawValue(walk, reading)
  if (reading.kind === 'either') return walk.decide(reading.key, reading.fact) ? reading.holds : reading.fails
  throw new Undetermined('UNMODELLED_RULES', `the capture does not tell the value of \`${text}\``, place.rule)
}

function elementOf(
  walk: Walk,
  place: RulePlace,
  {key, set}: {readonly key: readonly NftExpression[]; readonly set: NftSetUse},
): NftElement | null {
  const readings = readKey(walk, place, key)
  const found = readings === null ? null : findElement(walk, place, readings, key, set)
  return found !== null && set.kind === 'named' && !elementHolds(walk, place, set.name) ? null : found
}

function valueOf(pattern: NftPattern, place: RulePlace, text: string): NftValue {
  if (pattern.kind === 'value') return pattern.value
  throw new Undetermined('UNMODELLED_RULES', `the value \`${text}\` is not understood`, place.rule)
}

/** `numgen inc` counts the packets of all flows, which no capture tells: any value may be next. */
function readNumgen(
  walk: Walk,
  place: RulePlace,
  {mode, modulus, offset, text}: Extract<NftExpression, {kind: 'numgen'}>,
): Reading {
  const counter = mode === 'inc' ? `${ruleKey(place)} ${text} ${walk.visit(`numgen ${ruleKey(place)}`)}` : null
  return {kind: 'drawn', modulus, offset, by: null, counter}
}

function readHash(
  walk: Walk,
  place: RulePlace,
  {of, modulus, offset, seed, text}: Extract<NftExpression, {kind: 'hash'}>,
): Reading {
  const readings = of === null ? null : readKey(walk, place, of)
  if (of !== null && readings === null) return null
  const hash = of === null || readings === null || seed === null ? null : jenkins(of, readings, seed, modulus)
  return hash === null
    ? {kind: 'drawn', modulus, offset, by: `\`${text}\` gives one flow the same value each time`, counter: null}
    : hash + offset
}

function readBinary(walk: Walk, place: RulePlace, expression: Extract<NftExpression, {kind: 'binary'}>): Reading {
  const {left, right, operator, text} = expression
  // whole packets: of the fragment field only the flag "don't fragment" may be set
  if (left.kind === 'payload' && left.field === 'frag-off' && operator === '&') {
    const mask = read(walk, place, right)
    if (walk.packet.family === 4 && typeof mask === 'number' && (mask & 0x4000) === 0) return 0
  }
  const a = read(walk, place, left)
  const b = read(walk, place, right)
  if (a === null || b === null) return null
  if (isOpen(a) && a.kind === 'either' && typeof b === 'number')
    return {...a, holds: compute(operator, a.holds, b), fails: compute(operator, a.fails, b)}
  if (typeof a === 'number' && typeof b === 'number') return compute(operator, a, b)
  if (isOpen(a) && a.kind === 'drawn' && typeof b === 'number' && operator === '&') {
    // meta random & 2147483647 < …, as `-m statistic --mode random` is listed
    const modulus = b + 1
    if (Number.isInteger(Math.log2(modulus)) && a.offset === 0 && a.modulus % modulus === 0) return {...a, modulus}
  }
  if (typeof a === 'bigint' && typeof b === 'bigint') return computeWide(operator, a, b)
  return {kind: 'fact', text, scope: ruleKey(place)}
}

type Operator = Extract<NftExpression, {kind: 'binary'}>['operator']

function compute(operator: Operator, a: number, b: number): number {
  switch (operator) {
    case '&':
      return (a & b) >>> 0
    case '|':
      return (a | b) >>> 0
    case '^':
      return (a ^ b) >>> 0
    case '<<':
      return (a << b) >>> 0
    case '>>':
      return a >>> b
  }
}

function computeWide(operator: Operator, a: bigint, b: bigint): bigint {
  switch (operator) {
    case '&':
      return a & b
    case '|':
      return a | b
    case '^':
      return a ^ b
    case '<<':
      return BigInt.asUintN(128, a << b)
    case '>>':
      return a >> b
  }
}
