import type {ChainRule, IptablesTable, TargetKind} from '../../model/index.js'
import type {Family} from '../../net/index.js'
import {parseIptablesSave} from '../../parse/index.js'
import type {EditCommand} from '../command.js'
import {refuseDiagnostics} from '../refuseDiagnostics.js'
import type {Word} from '../word.js'

/** Targets that the kernel takes in one table only. */
const ONLY_IN: Readonly<Partial<Record<TargetKind, string>>> = {
  dnat: 'nat',
  snat: 'nat',
  masquerade: 'nat',
  redirect: 'nat',
  netmap: 'nat',
  reject: 'filter',
  notrack: 'raw',
  'tos-set': 'mangle',
  'dscp-set': 'mangle',
  'ttl-set': 'mangle',
}

/** The rule that a command specifies, read by the parser of saves. @throws EditError */
export function readRule(
  command: EditCommand,
  family: Family,
  table: IptablesTable,
  chain: string,
  words: readonly Word[],
): ChainRule {
  const text = [`-A ${chain}`, ...words.map(quoted)].join(' ')
  const chains = new Set([chain, ...words.map(word => word.text).filter(word => table.chains.has(word))])
  const save = [`*${table.name}`, ...[...chains].map(name => `:${name} - [0:0]`), text, 'COMMIT', ''].join('\n')
  const {value, diagnostics} = parseIptablesSave({name: command.source.document, text: save}, {family})
  const [rule] = value.tables.get(table.name)?.chains.get(chain)?.rules ?? []
  refuseDiagnostics(command, diagnostics)
  if (rule === undefined) return command.fail('a rule')
  const only = ONLY_IN[rule.target.kind]
  if (only !== undefined && only !== table.name)
    command.refuse(`the kernel takes its target in the table ${only} only.`)
  const {target} = rule
  if ((target.kind === 'jump' || target.kind === 'goto') && target.chain === chain)
    command.refuse('a chain cannot jump to itself.')
  return {...rule, text, source: command.source}
}

/** As iptables-save quotes: words with blanks, and those that a save could take for something else. */
function quoted({text, quoted: asked}: Word): string {
  const plain = text !== '' && !/[\s"'\\]/.test(text)
  return plain && (!asked || /^[\w.:/,-]+$/.test(text)) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`
}
