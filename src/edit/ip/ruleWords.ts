import type {NodeState, PolicyRule} from '../../model/index.js'
import type {Family} from '../../net/index.js'
import {parseUint32} from '../../net/index.js'
import {formatIpRule, parseIpRule} from '../../parse/index.js'
import type {EditCommand} from '../command.js'
import {refuseDiagnostics} from '../refuseDiagnostics.js'

/** What a command says of a rule: what it does not name is open. */
export interface RuleWords {
  readonly priority: number | null
  /** An action stands among the words. */
  readonly acts: boolean
  /** As the rule would be listed; priority 0 and `lookup main` where the words are silent. */
  readonly rule: PolicyRule
}

const PRIORITY = new Set(['priority', 'preference', 'pref', 'prio', 'order'])
const ACTIONS = new Set(['lookup', 'table', 'goto', 'nop', 'l3mdev', 'blackhole', 'unreachable', 'prohibit'])

/** The words behind `ip rule add` or `del`, in any order. @throws EditError */
export function readRuleWords(state: NodeState, command: EditCommand, family: Family): RuleWords {
  let priority: number | null = null
  const words: string[] = []
  for (let word = command.take(); word !== undefined; word = command.take()) {
    if (PRIORITY.has(word)) priority = parseUint32(command.need('a priority')) ?? command.fail('a priority')
    else words.push(...spelled(command, word))
  }
  const acts = words.some(word => ACTIONS.has(word))
  const line = `${priority ?? 0}:\t${[...words, ...(acts ? [] : ['lookup', 'main'])].join(' ')}`
  const {value, diagnostics} = parseIpRule({name: command.source.document, text: `${line}\n`}, family)
  const [rule] = value
  const table = rule?.action.kind === 'lookup' ? rule.action.table : null
  const named = typeof table === 'string' && usesTable(state, table)
  if (rule !== undefined && rule.family !== family)
    command.refuse(`it names an IPv${rule.family} address: say ip -${rule.family} rule.`)
  refuseDiagnostics(
    command,
    diagnostics.filter(({code}) => !(named && code === 'UNKNOWN_TABLE_NAME')),
  )
  if (rule === undefined) return command.fail('a rule, such as: from 10.0.5.77 lookup 2 priority 1536')
  const own = {...rule, source: command.source}
  return {priority, acts, rule: {...own, text: formatIpRule(own)}}
}

/** Words that a listing spells otherwise. */
function spelled(command: EditCommand, word: string): readonly string[] {
  if (word === 'type') return [command.need('an action')]
  if (word === 'dev') return ['iif']
  if (word === 'sup_pl') return ['suppress_prefixlength']
  if (word === 'sup_group') return ['suppress_ifgroup']
  return [word]
}

/** The capture may name a table that no rt_tables explains: then the name is its identity. */
function usesTable({routing}: NodeState, name: string): boolean {
  return ([4, 6] as const).some(
    family =>
      routing[family].rules?.some(({action}) => action.kind === 'lookup' && action.table === name) === true ||
      routing[family].routes?.some(({table}) => table === name) === true,
  )
}
