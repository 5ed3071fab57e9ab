import type {Chain, IptablesRuleset, IptablesTable, NodeState} from '../../model/index.js'
import type {Family} from '../../net/index.js'
import type {EditCommand, Edited} from '../command.js'
import type {Word} from '../word.js'
import {findRuleset} from './findRuleset.js'
import {readRule} from './readRule.js'
import {ruleKey} from './sameRule.js'
import {findTable, makeChain, withChain, withRules} from './table.js'

/** A command of iptables while it is read. */
interface Place {
  readonly state: NodeState
  readonly command: EditCommand
  readonly family: Family
  readonly ruleset: IptablesRuleset
  readonly table: IptablesTable
}

const COMMANDS: ReadonlyMap<string, string> = new Map([
  ['--append', '-A'],
  ['--insert', '-I'],
  ['--delete', '-D'],
  ['--replace', '-R'],
  ['--policy', '-P'],
  ['--new-chain', '-N'],
  ['--delete-chain', '-X'],
  ['--flush', '-F'],
])
const LETTERS: ReadonlySet<string> = new Set(COMMANDS.values())
const EXPECTED = '-A, -I, -D, -R, -P, -N, -X or -F'

/** `iptables [-t TABLE] -A CHAIN …` and the other commands that change rules. @param backend of the tool's name; null: it has none */
export function editIptables(
  state: NodeState,
  command: EditCommand,
  family: Family,
  backend: 'legacy' | 'nft' | null,
): Edited {
  const {name, action, words} = readCommand(command)
  const ruleset = findRuleset(state, command, family, backend)
  const place: Place = {state, command, family, ruleset, table: findTable(ruleset, command, name)}
  const [first, ...rest] = words
  const chain = first === undefined ? null : first.text
  switch (action) {
    case '-N':
      return newChain(place, chain ?? command.fail('a chain'))
    case '-F':
      return flush(place, chain)
    case '-X':
      return deleteChain(place, chain ?? command.fail('a chain'))
    case '-P':
      return setPolicy(place, findChain(place, chain), rest)
    case '-A':
      return insertRule(place, findChain(place, chain), rest, Infinity)
    case '-I':
      return insertRule(place, findChain(place, chain), ...numbered(rest, 1))
    case '-R':
      return replaceRule(place, findChain(place, chain), ...numbered(rest, null))
    default:
      return deleteRule(place, findChain(place, chain), rest)
  }
}

/** The table, the command and what belongs to it. `-t` and `-w` may stand before it or behind. */
function readCommand(command: EditCommand): {name: string; action: string; words: readonly Word[]} {
  let name = 'filter'
  let action: string | undefined
  const words: Word[] = []
  const all = command.rest()
  for (let i = 0; i < all.length; i++) {
    const word = all[i] as Word
    const plain = word.quoted ? '' : word.text
    if (plain === '-t' || plain === '--table') name = all[++i]?.text ?? command.fail('a table')
    else if (plain === '-w' || plain === '--wait') i += /^\d+$/.test(all[i + 1]?.text ?? '') ? 1 : 0
    else if (action === undefined && LETTERS.has(plain)) action = plain
    else if (action === undefined && COMMANDS.has(plain)) action = COMMANDS.get(plain)
    else if (action === undefined) command.refuse(`"${word.text}" (column ${word.column}): expected ${EXPECTED}.`)
    else words.push(word)
  }
  return {name, action: action ?? command.fail(EXPECTED), words}
}

function findChain({command, table}: Place, name: string | null): Chain {
  if (name === null) return command.fail('a chain')
  const chain = table.chains.get(name)
  if (chain !== undefined) return chain
  const base = [...table.chains.values()].filter(({policy}) => policy !== null)
  const listed = base.map(each => each.name).join(', ')
  return command.refuse(
    `the table ${table.name} has no chain ${name}. Its own are ${listed}; ekspath show chains lists all.`,
  )
}

/** `[NUMBER] RULE`. */
function numbered(words: readonly Word[], fallback: number | null): [readonly Word[], number | null] {
  const [first, ...rest] = words
  return first !== undefined && /^\d+$/.test(first.text) ? [rest, Number(first.text)] : [words, fallback]
}

function put({state, ruleset, table}: Place, chain: Chain, effect: string): Edited {
  return {state: withChain(state, ruleset, table, chain.name, chain), effect}
}

function insertRule(place: Place, chain: Chain, words: readonly Word[], number: number | null): Edited {
  const {command, family, table} = place
  const rule = readRule(command, family, table, chain.name, words)
  const at = Math.min(number ?? 1, chain.ruleCount + 1)
  if (at < 1 || (number !== Infinity && number !== at)) command.refuse(`${chain.name} has ${chain.ruleCount} rules.`)
  return put(place, withRules(chain, chain.rules.toSpliced(at - 1, 0, rule)), `added as ${chain.name} ${at}`)
}

function replaceRule(place: Place, chain: Chain, words: readonly Word[], number: number | null): Edited {
  const {command, family, table} = place
  const old = chain.rules[(number ?? 0) - 1]
  if (old === undefined) return command.refuse(`expected the number of a rule: ${chain.name} has ${chain.ruleCount}.`)
  const rule = readRule(command, family, table, chain.name, words)
  return put(place, withRules(chain, chain.rules.with(old.number - 1, rule)), `replaced ${placeOf(old)}`)
}

function deleteRule(place: Place, chain: Chain, words: readonly Word[]): Edited {
  const {command, family, table} = place
  const number = words.length === 1 && /^\d+$/.test(words[0]?.text ?? '') ? Number(words[0]?.text) : null
  if (number === null && words.length === 0) command.fail('the number of a rule, or the rule')
  const wanted = number === null ? ruleKey(readRule(command, family, table, chain.name, words), family) : null
  const old = number === null ? chain.rules.find(rule => ruleKey(rule, family) === wanted) : chain.rules[number - 1]
  if (old === undefined) {
    return command.refuse(
      number === null
        ? `no rule of ${chain.name} is like that; all of its matches count, the comment too.`
        : `${chain.name} has ${chain.ruleCount} rules.`,
    )
  }
  return put(
    place,
    withRules(
      chain,
      chain.rules.filter(rule => rule !== old),
    ),
    `deleted ${placeOf(old)}`,
  )
}

function placeOf({source}: Chain['rules'][number]): string {
  return `${source.document}:${source.line}`
}

function setPolicy(place: Place, chain: Chain, words: readonly Word[]): Edited {
  const {command} = place
  const policy = words[0]?.text
  if (words.length !== 1 || (policy !== 'ACCEPT' && policy !== 'DROP'))
    return command.refuse('expected ACCEPT or DROP behind the chain.')
  if (chain.policy === null) command.refuse(`${chain.name} is no base chain: it has no policy.`)
  const text = `:${chain.name} ${policy} [0:0]`
  const changed: Chain = {...withRules(chain, chain.rules), policy, source: command.source, text}
  return put(place, changed, `was ${chain.policy}`)
}

function newChain(place: Place, name: string): Edited {
  const {command, table} = place
  if (table.chains.has(name)) command.refuse(`the table ${table.name} has a chain ${name} already.`)
  return put(place, makeChain(name, null, [], command.source), 'added')
}

function deleteChain(place: Place, name: string): Edited {
  const {state, command, ruleset, table} = place
  const chain = findChain(place, name)
  if (chain.policy !== null) command.refuse(`${name} is a base chain.`)
  if (chain.ruleCount > 0) command.refuse(`${name} has rules: first flush it (-F ${name}).`)
  const user = [...table.chains.values()]
    .flatMap(each => each.rules)
    .find(({target}) => 'chain' in target && target.chain === name)
  if (user !== undefined) command.refuse(`${placeOf(user)} leads to ${name}.`)
  return {state: withChain(state, ruleset, table, name, null), effect: 'deleted'}
}

function flush(place: Place, name: string | null): Edited {
  const {state, ruleset, table} = place
  if (name !== null) {
    const chain = findChain(place, name)
    return put(place, withRules(chain, []), `deleted ${chain.ruleCount} rules`)
  }
  const chains = new Map([...table.chains].map(([each, chain]) => [each, withRules(chain, [])]))
  const tables = new Map(ruleset.tables).set(table.name, {...table, chains})
  const count = [...table.chains.values()].reduce((sum, {ruleCount}) => sum + ruleCount, 0)
  return {
    state: {...state, iptables: state.iptables.map(each => (each === ruleset ? {...ruleset, tables} : each))},
    effect: `deleted ${count} rules`,
  }
}
