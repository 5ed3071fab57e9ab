import type {NftTable} from '../../model/index.js'
import {parseNftRuleset} from '../../parse/index.js'
import {refuseDiagnostics} from '../refuseDiagnostics.js'
import type {NftCursor} from './cursor.js'

/**
 * What an edit brings in, read by the parser of listings: nft prints what it takes.
 * @param lines of the table
 * @throws EditError where something of it is not understood
 */
export function readListing({command}: NftCursor, family: string, name: string, lines: readonly string[]): NftTable {
  const text = [`table ${family} ${name} {`, ...lines, '}', ''].join('\n')
  const {value, diagnostics} = parseNftRuleset({name: command.source.document, text})
  const [table] = value.tables
  if (table === undefined) return command.refuse('nothing of it is understood.')
  const read = [...table.chains.values()].flatMap(({rules}) => rules)
  const elements = [...table.sets.values()].map(set => set.elements)
  refuseDiagnostics(command, diagnostics)
  const unknown = unknownPart([read, elements])
  if (unknown !== null) command.refuse(`"${unknown}" is not understood: numbers, not names of ports and hosts.`)
  return table
}

/** The text of the first part of a rule or element that no parser knows. */
function unknownPart(part: unknown): string | null {
  if (typeof part !== 'object' || part === null) return null
  if ('kind' in part && part.kind === 'unknown') return 'text' in part ? String(part.text) : ''
  for (const each of Object.values(part)) {
    const found = unknownPart(each)
    if (found !== null) return found
  }
  return null
}
