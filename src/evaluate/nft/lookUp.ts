import type {NftElement, NftExpression, NftPattern, NftSetUse} from '../../model/index.js'
import type {Tri} from '../walk/ports.js'
import {Undetermined, type Walk} from '../walk/walk.js'
import type {Key} from './compiledSet.js'
import {describeKey} from './describeKey.js'
import {type RulePlace, ruleKey} from './place.js'
import {triPattern} from './reading.js'

/** The element of a set or map for a key; branches where that is open. Null: there is none. */
export function findElement(
  walk: Walk,
  place: RulePlace,
  key: Key,
  expressions: readonly NftExpression[],
  use: NftSetUse,
): NftElement | null {
  const found = place.table.compile(use).find(walk, key, expressions)
  const change = changeOf(place, key, use, expressions)
  if (change === null) return found
  if (change.unless !== null && !walk.decide(change.unless.key, change.unless.text)) return found
  if (!walk.decide(change.key, change.text)) return null
  if (found !== null) return found
  if (!change.isMap) return {source: place.rule.source, text: change.text, key: null, verdict: null, data: null}
  throw change.leftOut
    ? new Undetermined('MISSING_INPUT', `${LEFT_OUT}, so where ${change.name} leads is not known`, place.rule)
    : new Undetermined('UNMODELLED_RULES', `the capture does not tell what ${change.name} holds`, place.rule)
}

const LEFT_OUT = 'the listing leaves out the elements of sets (collect `nft list ruleset` without `-t`)'

/**
 * Does what was found hold? A look-up, and an `add` of what is in already, runs the statements that the element carries (nft_set_elem_update_expr):
 * one that fails ends the rule.
 */
export function elementHolds(walk: Walk, place: RulePlace, name: string): boolean {
  if (place.table.set(name)?.conditional !== true) return true
  return walk.decide(
    `nft ${ruleKey(place)} ${name}`,
    `what the element of \`@${name}\` carries, a limit or a quota, holds`,
  )
}

/** Is there an element? Without any branch; 2 where there would be one. */
export function triElement(
  walk: Walk,
  place: RulePlace,
  key: Key,
  expressions: readonly NftExpression[],
  use: NftSetUse,
): Tri {
  if (use.kind === 'anonymous')
    return triOne(walk, key, expressions, use.elements) ?? place.table.compile(use).tri(walk, key, expressions)
  const change = changeOf(place, key, use, expressions)
  const terse = change?.unless == null ? true : walk.known(change.unless.key)
  if (change === null || terse === false) return place.table.compile(use).tri(walk, key, expressions)
  const known = terse === null ? null : walk.known(change.key)
  return known === null ? 2 : known ? 1 : 0
}

/** A comparison with one value needs no index. Null: it is none. */
function triOne(
  walk: Walk,
  key: Key,
  expressions: readonly NftExpression[],
  elements: readonly NftElement[],
): Tri | null {
  const [reading] = key
  const pattern = elements.length === 1 ? elements[0]?.key : null
  if (key.length !== 1 || reading === undefined || pattern?.length !== 1) return null
  return triPattern(walk, reading, pattern[0] as NftPattern, expressions[0]?.text ?? '')
}

interface Change {
  readonly key: string
  readonly text: string
  /** `… @name`. */
  readonly name: string
  readonly isMap: boolean
  readonly leftOut: boolean
  /** A fact without which the listing is the whole truth; null: it is not in any case. */
  readonly unless: {readonly key: string; readonly text: string} | null
}

/** Sets that rules or time change, and listings that leave elements out: whether the key is in is a fact of its own. */
function changeOf(place: RulePlace, key: Key, use: NftSetUse, expressions: readonly NftExpression[]): Change | null {
  if (use.kind === 'anonymous') return null
  const set = place.table.set(use.name)
  if (set === null || (!set.dynamic && set.listed === 'whole')) return null
  const what = describeKey(expressions, key)
  const leftOut = set.listed !== 'whole'
  const name = `the ${set.isMap ? 'map' : 'set'} \`@${use.name}\``
  const {document} = set.source
  return {
    key: elementFact(place, use.name, what),
    text: `${what} is in ${name}${leftOut ? `, which ${document} shows without elements (collect \`nft list ruleset\` without \`-t\`)` : ''}`,
    name: `${what} in ${name}`,
    isMap: set.isMap,
    leftOut,
    unless:
      set.dynamic || set.listed !== 'unsure'
        ? null
        : {
            key: `rules terse ${document}`,
            text: `${document} was listed with \`-t\`, which leaves out the elements of sets (it shows none of any set)`,
          },
  }
}

/** A fact of the node: it outlives the packet. */
export function elementFact(place: RulePlace, set: string, key: string): string {
  return `changed nft ${place.table.table.family} ${place.table.table.name} ${set} ${key}`
}
