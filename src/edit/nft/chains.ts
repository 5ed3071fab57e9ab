import type {NftChain, NftTable} from '../../model/index.js'
import type {Edited} from '../command.js'
import {userOf} from './checkRule.js'
import {splitStatements} from './cursor.js'
import {readListing} from './readListing.js'
import {findChain, findTable, type Place, withChain, withRules} from './tables.js'

/** `add|create chain [FAMILY] TABLE CHAIN [{ type T hook H priority P; policy V; }]`; of a chain that is there it sets the policy. */
export function addChain(place: Place, action: 'add' | 'create'): Edited {
  const {cursor} = place
  const table = findTable(place)
  const name = cursor.need('the name of a chain')
  const block = cursor.done ? null : cursor.block('type, hook, priority and policy of a base chain')
  const old = table.chains.get(name)
  if (old !== undefined) {
    if (action === 'create') cursor.command.refuse(`the table ${table.name} has a chain ${name} already.`)
    return block === null ? {state: place.state, effect: 'there already'} : setPolicy(place, table, old, block)
  }
  const lines = block === null ? [] : [`${splitStatements(block).join('; ')};`]
  const read = readListing(cursor, table.family, table.name, [`chain ${name} {`, ...lines, '}']).chains.get(name)
  if (read === undefined || (block !== null && read.base === null))
    return cursor.command.refuse('expected { type T hook H priority P; policy accept; }.')
  const chain = {...withRules(read, []), source: cursor.command.source}
  return {state: withChain(place, table, name, chain), effect: 'added'}
}

function setPolicy(place: Place, table: NftTable, chain: NftChain, block: string): Edited {
  const {command} = place.cursor
  const statements = splitStatements(block)
  const policy = /^policy (accept|drop)$/.exec(statements.at(-1) ?? '')?.[1] as 'accept' | 'drop' | undefined
  if (policy === undefined || statements.length > 2) return command.refuse('expected { policy accept; } or drop.')
  if (chain.base === null) return command.refuse(`${chain.name} is no base chain: it has no policy.`)
  const [line] = statements
  if (statements.length === 2) {
    const lines = [`chain ${chain.name} {`, `${line ?? ''}; policy ${policy};`, '}']
    const read = readListing(place.cursor, table.family, table.name, lines).chains.get(chain.name)?.base
    const {type, hook, priority} = chain.base
    if (read == null || read.type !== type || read.hook !== hook || read.priority !== priority)
      command.refuse(`${chain.name} is of type ${type} at ${hook}, priority ${priority}: that cannot be changed.`)
  }
  // the chain's policy is what an edit says: it is cited there
  const changed = {...withRules(chain, chain.rules), base: {...chain.base, policy}, source: command.source, text: block}
  return {state: withChain(place, table, chain.name, changed), effect: `was ${chain.base.policy}`}
}

/** `delete chain`: its rules go with it. */
export function deleteChain(place: Place): Edited {
  const {command} = place.cursor
  const table = findTable(place)
  const {name} = findChain(place, table)
  place.cursor.end()
  const user = userOf(table, name)
  if (user !== null) command.refuse(`${user.document}:${user.line} leads to ${name}.`)
  return {state: withChain(place, table, name, null), effect: 'deleted'}
}

export function flushChain(place: Place): Edited {
  const table = findTable(place)
  const chain = findChain(place, table)
  place.cursor.end()
  const effect = `deleted ${chain.ruleCount} rules`
  return {state: withChain(place, table, chain.name, withRules(chain, [])), effect}
}
