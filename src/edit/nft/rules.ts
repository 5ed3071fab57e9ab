import type {NftChain, NftRule, NftTable} from '../../model/index.js'
import type {Edited} from '../command.js'
import {checkRule} from './checkRule.js'
import {readListing} from './readListing.js'
import {findChain, findTable, type Place, withChain, withRules} from './tables.js'

/** `add|insert|replace|delete rule [FAMILY] TABLE CHAIN [handle N | index I] STATEMENTS` */
export function editRule(place: Place, action: 'add' | 'insert' | 'replace' | 'delete'): Edited {
  const table = findTable(place)
  const chain = findChain(place, table)
  const at = readPosition(place, chain, action)
  const put = (rules: readonly NftRule[], effect: string): Edited => ({
    state: withChain(place, table, chain.name, withRules(chain, rules)),
    effect,
  })
  if (action === 'delete' || action === 'replace') {
    const old = at === null ? undefined : chain.rules[at]
    if (at === null || old === undefined) return place.cursor.fail('handle N: nft -a lists the handles')
    const cited = `${old.source.document}:${old.source.line}`
    if (action === 'replace') return put(chain.rules.with(at, readRule(place, table, chain)), `replaced ${cited}`)
    place.cursor.end()
    return put(chain.rules.toSpliced(at, 1), `deleted ${cited}`)
  }
  const rule = readRule(place, table, chain)
  const index = action === 'insert' ? (at ?? 0) : (at ?? chain.ruleCount - 1) + 1
  return put(chain.rules.toSpliced(index, 0, rule), `added as ${chain.name} ${index + 1}`)
}

/** Index of the rule that is named, from 0; null: none is. A rule is added behind it and inserted before it. */
function readPosition({cursor}: Place, chain: NftChain, action: string): number | null {
  const word = cursor.take(
    'handle',
    'position',
    ...(action === 'add' || action === 'insert' ? (['index'] as const) : []),
  )
  if (word === null) return null
  const number = Number(cursor.need('a number'))
  const rules = chain.rules
  if (!Number.isInteger(number)) cursor.command.refuse(`${word} takes a number.`)
  if (word === 'index') {
    if (number >= rules.length) cursor.command.refuse(`${chain.name} has ${rules.length} rules; index counts from 0.`)
    return number
  }
  const found = rules.findIndex(({handle}) => handle === number)
  if (found >= 0) return found
  const listed = rules.flatMap(({handle}) => handle ?? [])
  return cursor.command.refuse(
    listed.length === 0 && rules.length > 0
      ? 'the listing has no handles: collect `nft -a list ruleset`, or say index N (add, insert).'
      : `no rule of ${chain.name} has the handle ${number}; it has ${listed.join(', ')}.`,
  )
}

function readRule(place: Place, table: NftTable, {name}: NftChain): NftRule {
  const {cursor} = place
  const {source} = cursor.command
  const text = cursor.rest()
  if (text === '') cursor.fail('a rule')
  const lines = [`chain ${name} {`, text, '}']
  const [rule, ...others] = readListing(cursor, table.family, table.name, lines).chains.get(name)?.rules ?? []
  if (rule === undefined || others.length > 0) return cursor.command.refuse('expected one rule.')
  const read = {...rule, text, source}
  checkRule(cursor.command, table, name, read)
  return read
}
