import type {IpSet, NodeState} from '../model/index.js'
import {parseIpset} from '../parse/index.js'
import type {EditCommand, Edited} from './command.js'
import {refuseDiagnostics} from './refuseDiagnostics.js'

/** `ipset add SET ENTRY`, `ipset del SET ENTRY`, `ipset flush SET`. */
export function editIpset(state: NodeState, command: EditCommand): Edited {
  const action = command.need('add, del or flush')
  if (action !== 'add' && action !== 'del' && action !== 'flush') command.fail('add, del or flush')
  const name = command.need('the name of a set')
  const set = state.ipsets?.get(name)
  if (set === undefined) command.refuse(`the capture has no ipset ${name}.`)
  if (action === 'flush') return withEntries(state, set, [], `deleted ${set.entries.length} entries`)
  const words = command.rest()
  if (words.length === 0) command.fail('an entry')
  const entry = readEntry(command, set, words.map(({text}) => text).join(' '))
  const key = (other: IpSet['entries'][number]): string => other.parts.map(describePart).join(',')
  const at = set.entries.findIndex(other => key(other) === key(entry))
  if (action === 'add') {
    if (at >= 0) command.refuse(`the set ${name} holds it already.`)
    return withEntries(state, set, [...set.entries, entry], 'added')
  }
  if (at < 0) command.refuse(`the set ${name} does not hold it.`)
  return withEntries(state, set, set.entries.toSpliced(at, 1), 'deleted')
}

/** Read by the parser of `ipset save`, in a set of the same kind. */
function readEntry(command: EditCommand, set: IpSet, words: string): IpSet['entries'][number] {
  const options = [...set.options].map(([option, value]) => `${option} ${value}`.trimEnd())
  const family = set.family === 6 ? ['family inet6'] : []
  const create = ['create', set.name, `${set.method}:${set.dimensions.join(',')}`, ...family, ...options].join(' ')
  const {value, diagnostics} = parseIpset({
    name: command.source.document,
    text: `${create}\nadd ${set.name} ${words}\n`,
  })
  refuseDiagnostics(command, diagnostics)
  const entry = value.get(set.name)?.entries[0]
  if (entry === undefined) command.fail(`an entry of ${set.method}:${set.dimensions.join(',')}`)
  return {...entry, source: command.source, text: `add ${set.name} ${words}`}
}

function describePart(part: IpSet['entries'][number]['parts'][number]): string {
  return JSON.stringify(part, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
}

function withEntries(state: NodeState, set: IpSet, entries: IpSet['entries'], effect: string): Edited {
  const ipsets = new Map(state.ipsets ?? []).set(set.name, {...set, entries})
  return {state: {...state, ipsets}, effect}
}
