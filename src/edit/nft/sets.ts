import type {NftElement, NftSet, NftTable} from '../../model/index.js'
import type {Edited} from '../command.js'
import {chainOf, checkTarget} from './checkRule.js'
import {splitStatements} from './cursor.js'
import {readListing} from './readListing.js'
import {findSet, findTable, type Place, withElements, withSet} from './tables.js'

/** `add|create|delete element [FAMILY] TABLE SET { ELEMENTS }` */
export function editElements(place: Place, action: 'add' | 'create' | 'delete'): Edited {
  const {cursor} = place
  const table = findTable(place)
  const set = findSet(place, table)
  const block = cursor.block('elements')
  const given = readElements(place, table, set, block, action)
  if (given.length === 0) cursor.command.refuse('expected elements in the braces.')
  const elements = new Map(set.elements.map(element => [keyOf(element), element]))
  for (const element of given) {
    const key = keyOf(element)
    const old = elements.get(key)
    if (action === 'delete') {
      if (old === undefined) refuseUnlisted(place, set, element)
      elements.delete(key)
    } else if (old === undefined) elements.set(key, element)
    else if (action === 'create' || valueOf(old) !== valueOf(element))
      cursor.command.refuse(`${set.name} has ${old.text} already.`)
  }
  const effect = `${action === 'delete' ? 'deleted' : 'added'} ${given.length === 1 ? '1 element' : `${given.length} elements`}`
  return {state: withSet(place, table, withElements(set, [...elements.values()])), effect}
}

function refuseUnlisted({cursor: {command}, ruleset}: Place, {name, listed}: NftSet, {text}: NftElement): never {
  return listed === 'whole'
    ? command.refuse(`${name} has no element ${text}.`)
    : command.refuse(`${ruleset.document} does not list what is in ${name}: collect \`nft list ruleset\` without -t.`)
}

function readElements(
  {cursor}: Place,
  table: NftTable,
  set: NftSet,
  block: string,
  action: 'add' | 'create' | 'delete',
): NftElement[] {
  const {command} = cursor
  if (set.type === '') return command.refuse(`the listing does not tell the type of ${set.name}.`)
  const lines = [`${set.isMap ? 'map' : 'set'} ${set.name} {`, set.type, `elements = { ${block} }`, '}']
  const read = readListing(cursor, table.family, table.name, lines).sets.get(set.name)?.elements ?? []
  const dimensions =
    set.type
      .replace(/^type(of)? /, '')
      .split(' : ')[0]
      ?.split(' . ').length ?? 1
  return read.map(element => {
    if (element.key !== null && element.key.length !== dimensions)
      command.refuse(`"${element.text}" is no element of ${set.name}, which has ${set.type}.`)
    if (set.isMap && action !== 'delete' && element.verdict === null && element.data === null)
      command.refuse(`${set.name} is a map: expected "${element.text} : VALUE".`)
    for (const target of element.verdict === null ? [] : chainOf(element.verdict)) checkTarget(command, table, target)
    return {...element, source: command.source}
  })
}

function words(part: unknown): string {
  return JSON.stringify(part, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
}

function keyOf({key}: NftElement): string {
  return words(key)
}

function valueOf({verdict, data}: NftElement): string {
  return words([verdict, data])
}

/** `flush set`, `flush map` */
export function flushSet(place: Place): Edited {
  const table = findTable(place)
  const set = findSet(place, table)
  place.cursor.end()
  const effect = set.listed === 'whole' ? `deleted ${set.elements.length} elements` : 'deleted all elements'
  return {state: withSet(place, table, withElements(set, [], 'whole')), effect}
}

/** `add set|map [FAMILY] TABLE NAME { type …; flags …; elements = { … }; }` */
export function addSet(place: Place, kind: 'set' | 'map'): Edited {
  const {cursor} = place
  const table = findTable(place)
  const name = cursor.need('a name')
  if (table.sets.has(name)) cursor.command.refuse(`the table ${table.name} has a set ${name} already.`)
  const lines = [`${kind} ${name} {`, ...splitStatements(cursor.block('its type')), '}']
  const set = readListing(cursor, table.family, table.name, lines).sets.get(name)
  if (set === undefined || set.type === '') return cursor.command.refuse('expected { type TYPE; }.')
  const {source} = cursor.command
  const elements = set.elements.map(element => ({...element, source}))
  return {state: withSet(place, table, {...withElements(set, elements), source}), effect: 'added'}
}
