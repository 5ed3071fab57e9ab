import type {NodeState} from '../../model/index.js'
import type {EditCommand, Edited} from '../command.js'
import {addChain, deleteChain, flushChain} from './chains.js'
import {NftCursor, splitStatements} from './cursor.js'
import {editRule} from './rules.js'
import {addSet, editElements, flushSet} from './sets.js'
import {findTable, type Place, readTableName, tableNamed, withRules, withTable} from './tables.js'

const ACTIONS = ['add', 'insert', 'replace', 'create', 'delete', 'flush'] as const

/**
 * `nft add rule …` and the other commands that change rules, chains, sets, elements and tables, in nft's own syntax. Several may stand in one text,
 * separated by semicolons, as nft takes them.
 */
export function editNft(state: NodeState, command: EditCommand): Edited {
  const {nft} = state
  if (nft === null) return command.refuse('the capture has no listing of nftables: collect `nft -a list ruleset`.')
  const text = command
    .rest()
    .map(word => word.text)
    .join(' ')
  const statements = splitStatements(text)
  if (statements.length === 0) command.fail(`a command of nft: ${ACTIONS.join(', ')}`)
  const effects: string[] = []
  let edited = state
  for (const statement of statements) {
    const result = editOne({state: edited, ruleset: edited.nft ?? nft, cursor: new NftCursor(command, statement)})
    edited = result.state
    effects.push(result.effect)
  }
  return {state: edited, effect: effects.join(', ')}
}

function editOne(place: Place): Edited {
  const {cursor} = place
  // `chain`, `rule` … without a command is `add`
  const action = cursor.take(...ACTIONS) ?? (/^(rule|chain|element|table|set|map)$/.test(cursor.peek()) ? 'add' : null)
  if (action === null) return cursor.fail(ACTIONS.join(', '))
  const object = cursor.need('rule, chain, element, set, map or table')
  switch (`${action} ${object}`) {
    case 'add rule':
    case 'insert rule':
    case 'replace rule':
    case 'delete rule':
      return editRule(place, action as 'add' | 'insert' | 'replace' | 'delete')
    case 'add chain':
    case 'create chain':
      return addChain(place, action as 'add' | 'create')
    case 'delete chain':
      return deleteChain(place)
    case 'flush chain':
      return flushChain(place)
    case 'add element':
    case 'create element':
    case 'delete element':
      return editElements(place, action as 'add' | 'create' | 'delete')
    case 'add set':
    case 'add map':
      return addSet(place, object as 'set' | 'map')
    case 'flush set':
    case 'flush map':
      return flushSet(place)
    case 'add table':
      return addTable(place)
    case 'delete table':
      return deleteTable(place)
    case 'flush table':
      return flushTable(place)
    default:
      return cursor.command.refuse(
        `"${action} ${object}" is not among the edits that are known: add, insert, replace or delete rule; add, delete or flush chain; add or delete element; add or flush set; add, delete or flush table.`,
      )
  }
}

function addTable(place: Place): Edited {
  const {cursor} = place
  const named = readTableName(place)
  cursor.end()
  if (tableNamed(place, named) !== undefined) return {state: place.state, effect: 'there already'}
  const text = `table ${named.family} ${named.name}`
  const empty = {dormant: false, ofIptables: false, chains: new Map(), sets: new Map()}
  const table = {...named, ...empty, source: cursor.command.source, text}
  return {state: withTable(place, null, table), effect: 'added'}
}

function deleteTable(place: Place): Edited {
  const table = findTable(place)
  place.cursor.end()
  return {state: withTable(place, table, null), effect: `deleted ${table.source.document}:${table.source.line}`}
}

function flushTable(place: Place): Edited {
  const table = findTable(place)
  place.cursor.end()
  const chains = new Map([...table.chains].map(([name, chain]) => [name, withRules(chain, [])]))
  const count = [...table.chains.values()].reduce((sum, {ruleCount}) => sum + ruleCount, 0)
  return {state: withTable(place, table, {...table, chains}), effect: `deleted ${count} rules`}
}
